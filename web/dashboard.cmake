# The dashboard: components that Vite makes into a few files with hashes in their names. It is built from
# a copy beneath the build tree, where its packages lie, so that nothing is written among the sources.
set(dashboard ${CMAKE_CURRENT_BINARY_DIR}/dashboard)
set(dashboard_packed ${dashboard}/packed)
set(dashboard_stamp ${dashboard}/packed.stamp)
set(dashboard_packages ${dashboard}/node_modules/.package-lock.json)
file(MAKE_DIRECTORY ${dashboard})
add_custom_command(
  OUTPUT ${dashboard_packages}
  COMMAND ${CMAKE_COMMAND} -E copy dashboard/package.json dashboard/package-lock.json ${dashboard}
  COMMAND ${NPM} ci --prefix ${dashboard} --no-audit --no-fund --silent
  COMMAND ${CMAKE_COMMAND} -E touch ${dashboard_packages}
  DEPENDS dashboard/package.json dashboard/package-lock.json
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMENT "packages of web/dashboard"
  VERBATIM)

file(GLOB_RECURSE dashboard_sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
     dashboard/src/* dashboard/public/* dashboard/tools/* dashboard/*.ts dashboard/*.js dashboard/index.html
     dashboard/tsconfig.json)
list(FILTER dashboard_sources EXCLUDE REGEX "node_modules/|/dist/|/packed/|src/made/")
add_custom_command(
  OUTPUT ${dashboard_stamp}
  COMMAND ${CMAKE_COMMAND} -D FROM=${CMAKE_CURRENT_SOURCE_DIR}/dashboard -D TO=${dashboard}
          -P ${CMAKE_SOURCE_DIR}/cmake/copy_dashboard.cmake
  COMMAND ${CMAKE_COMMAND} -E env OPENAPI_FILE=${CMAKE_SOURCE_DIR}/docs/openapi.json
          ${NPM} run --prefix ${dashboard} --silent build
  COMMAND ${CMAKE_COMMAND} -E touch ${dashboard_stamp}
  DEPENDS ${dashboard_sources} ${dashboard_packages} ${CMAKE_SOURCE_DIR}/docs/openapi.json
          ${CMAKE_SOURCE_DIR}/cmake/copy_dashboard.cmake
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMENT "dashboard"
  VERBATIM)

foreach(what check test)
  add_test(NAME web.dashboard.${what} COMMAND ${NPM} run --prefix ${dashboard} --silent ${what})
  set_tests_properties(web.dashboard.${what} PROPERTIES TIMEOUT 180)
endforeach()
add_test(NAME web.dashboard.budget COMMAND node ${CMAKE_CURRENT_SOURCE_DIR}/dashboard/tools/budget.mjs ${dashboard_packed})
add_test(NAME web.dashboard.same_twice
         COMMAND node ${CMAKE_CURRENT_SOURCE_DIR}/dashboard/tools/same_twice.mjs ${dashboard})
set_tests_properties(web.dashboard.budget web.dashboard.same_twice PROPERTIES TIMEOUT 180)
