# The libraries as programs of others use them: find_package(Hotclock), then Hotclock::scheduler. Each is one archive
# of several folders' objects. A header that sources here include as "scheduler/core/job.h" is installed as
# <hotclock/scheduler/core/job.h>, so that no header clashes with anybody else's.
include(CMakePackageConfigHelpers)

# hotclock_library(NAME FOLDERS hotclock_base ... LINKS Hotclock::OTHER)
#
# A program that links Hotclock::NAME gets LINKS and what the folders stand on; HotclockConfig.cmake finds it all.
function(hotclock_library name)
  cmake_parse_arguments(ARG "" "" "FOLDERS;LINKS" ${ARGN})
  set(objects "")
  set(links ${ARG_LINKS})
  foreach(folder ${ARG_FOLDERS})
    get_target_property(kind ${folder} TYPE)
    if(kind STREQUAL STATIC_LIBRARY)
      list(APPEND objects $<TARGET_OBJECTS:${folder}>)
    endif()
    get_property(libs GLOBAL PROPERTY HOTCLOCK_LIBS_OF_${folder})
    list(APPEND links ${libs})
  endforeach()
  list(REMOVE_DUPLICATES links)
  list(TRANSFORM links REPLACE "^cctz$" "Hotclock::cctz")
  set(library hotclock_${name}_library)
  add_library(${library} STATIC ${objects})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name} OUTPUT_NAME hotclock_${name} LINKER_LANGUAGE CXX)
  target_compile_features(${library} INTERFACE cxx_std_20)
  target_include_directories(${library} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  foreach(link ${links})
    target_link_libraries(${library} INTERFACE $<INSTALL_INTERFACE:${link}>)
  endforeach()
  install(TARGETS ${library} EXPORT Hotclock_${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          COMPONENT development)
  install(EXPORT Hotclock_${name} NAMESPACE Hotclock:: FILE Hotclock_${name}.cmake
          DESTINATION ${package_folder} COMPONENT development)
endfunction()

# hotclock_public_headers(HEADER ...): these, and every header of the source tree that they include.
function(hotclock_public_headers)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scheduler/*.h ${CMAKE_SOURCE_DIR}/service/*.h)
  set(public ${CMAKE_BINARY_DIR}/generated/public)
  list(JOIN ARGN "," roots)
  add_custom_command(
    OUTPUT ${public}.made
    COMMAND ${CMAKE_COMMAND} -D ROOTS=${roots} -D IN=${CMAKE_SOURCE_DIR} -D OUT=${public}/hotclock
            -P ${CMAKE_SOURCE_DIR}/cmake/public_headers.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${public}.made
    DEPENDS ${ARGN} ${headers} ${CMAKE_SOURCE_DIR}/cmake/public_headers.cmake
    COMMENT "headers for programs of others"
    VERBATIM)
  add_custom_target(hotclock_public_headers ALL DEPENDS ${public}.made)
  install(DIRECTORY ${public}/hotclock DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
endfunction()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Hotclock)
set(library_sources ${CMAKE_SOURCE_DIR}/packaging/library)

# What is not the scheduler's is the service's.
set(of_scheduler hotclock_base hotclock_zone hotclock_cron hotclock_core hotclock_memory)
get_property(of_service GLOBAL PROPERTY HOTCLOCK_FOLDERS)
list(REMOVE_ITEM of_service ${of_scheduler})
hotclock_library(scheduler FOLDERS ${of_scheduler})
hotclock_library(service FOLDERS ${of_service} LINKS Hotclock::scheduler)
hotclock_public_headers(${library_sources}/scheduler.h ${library_sources}/service.h)

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
install(DIRECTORY docs/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
