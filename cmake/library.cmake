# The libraries as programs of others use them: find_package(Hotclock), then Hotclock::scheduler. Each is one archive
# of several folders' objects. A header that sources here include as "scheduler/core/job.h" is installed as
# <hotclock/scheduler/core/job.h>, so that no header clashes with anybody else's.
include(CMakePackageConfigHelpers)

# hotclock_library(NAME FOLDERS base zone ... LINKS fmt::fmt ...)
#
# LINKS are the targets that a program which links Hotclock::NAME needs; HotclockConfig.cmake finds them.
function(hotclock_library name)
  cmake_parse_arguments(ARG "" "" "FOLDERS;LINKS" ${ARGN})
  set(objects "")
  foreach(folder ${ARG_FOLDERS})
    get_target_property(kind hotclock_${folder} TYPE)
    if(kind STREQUAL STATIC_LIBRARY)
      list(APPEND objects $<TARGET_OBJECTS:hotclock_${folder}>)
    endif()
  endforeach()
  set(library hotclock_${name}_library)
  add_library(${library} STATIC ${objects})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name} OUTPUT_NAME hotclock_${name} LINKER_LANGUAGE CXX)
  target_compile_features(${library} INTERFACE cxx_std_20)
  target_include_directories(${library} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  foreach(link ${ARG_LINKS})
    target_link_libraries(${library} INTERFACE $<INSTALL_INTERFACE:${link}>)
  endforeach()
  install(TARGETS ${library} EXPORT Hotclock_${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT development)
  install(EXPORT Hotclock_${name} NAMESPACE Hotclock:: FILE Hotclock_${name}.cmake
          DESTINATION ${package_folder} COMPONENT development)
endfunction()

# hotclock_public_headers(FOLDER ...): all headers of these folders of the source tree, but those for tests.
function(hotclock_public_headers)
  set(headers "")
  foreach(folder ${ARGN})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/${folder}/*.h)
    list(APPEND headers ${found})
  endforeach()
  list(FILTER headers EXCLUDE REGEX "_support\\.h$")
  set(public ${CMAKE_BINARY_DIR}/generated/public)
  list(JOIN headers "\n" lines)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/public_headers.txt CONTENT "${lines}\n")
  add_custom_command(
    OUTPUT ${public}.made
    COMMAND ${CMAKE_COMMAND} -D LIST=${CMAKE_BINARY_DIR}/generated/public_headers.txt -D IN=${CMAKE_SOURCE_DIR}
            -D OUT=${public}/hotclock -P ${CMAKE_SOURCE_DIR}/cmake/public_headers.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${public}.made
    DEPENDS ${headers} ${CMAKE_BINARY_DIR}/generated/public_headers.txt cmake/public_headers.cmake
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    COMMENT "headers for programs of others"
    VERBATIM)
  add_custom_target(hotclock_public_headers ALL DEPENDS ${public}.made)
  install(DIRECTORY ${public}/hotclock DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
endfunction()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Hotclock)
set(library_sources ${CMAKE_SOURCE_DIR}/packaging/library)

hotclock_library(scheduler FOLDERS base zone cron core memory LINKS Threads::Threads fmt::fmt Hotclock::cctz)
hotclock_public_headers(scheduler)

configure_package_config_file(${library_sources}/HotclockConfig.cmake.in ${CMAKE_BINARY_DIR}/generated/HotclockConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/HotclockConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
# From the folder of the .pc file up to the prefix, so that the tree may be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE up_to_prefix)
configure_file(${library_sources}/hotclock-scheduler.pc.in ${CMAKE_BINARY_DIR}/generated/hotclock-scheduler.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/generated/HotclockConfig.cmake
              ${CMAKE_BINARY_DIR}/generated/HotclockConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT development)
install(FILES ${CMAKE_BINARY_DIR}/generated/hotclock-scheduler.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
install(FILES ${library_sources}/scheduler.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hotclock COMPONENT development)
install(DIRECTORY docs/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
