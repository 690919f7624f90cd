# The one way to declare a folder: its sources, its statements, its tests.

add_library(hotclock_flags INTERFACE)
target_include_directories(hotclock_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(hotclock_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wno-missing-field-initializers
                       -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(hotclock_flags INTERFACE -Wshadow -Werror=thread-safety -Wno-sign-conversion)
else()
  # g++ 12 warns of std::variant and std::optional members it believes unset at -O1 and above, and at
  # -O3 of std::string operator+ overlapping itself (its bug 105651).
  target_compile_options(hotclock_flags INTERFACE -Wshadow=local -Wno-sign-conversion -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow)
endif()
if(HOTCLOCK_SANITIZE)
  add_compile_options(-fsanitize=${HOTCLOCK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HOTCLOCK_SANITIZE})
endif()
if(HOTCLOCK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# hotclock_folder(DEPS base zone LIBS cctz TEST_LIBS ... ENGINES)
#
# Makes library hotclock_<folder's name> of the folder's *.cpp, embeds its *.sql, and makes one
# test program <name>_test of its *_test.cpp. *_fuzz.cpp become fuzzers in the fuzz preset.
# POSTGRES: its tests need the PostgreSQL server that tests share. ENGINES: they run once on each
# engine.
# Files named *_support.h/.cpp are for tests alone and are linked into test programs only.
function(hotclock_folder)
  cmake_parse_arguments(ARG "POSTGRES;ENGINES" "NAME" "DEPS;LIBS;TEST_DEPS;TEST_LIBS" ${ARGN})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME name)
  if(ARG_NAME)
    set(name ${ARG_NAME})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB support CONFIGURE_DEPENDS *_support.cpp)
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  file(GLOB statements CONFIGURE_DEPENDS *.sql)
  # 0001_name.sql is a migration, embedded whole by service/schema.
  list(FILTER statements EXCLUDE REGEX "/[0-9]+_[^/]*$")
  list(REMOVE_ITEM sources ${tests} ${support} ${fuzzers} "")
  list(TRANSFORM ARG_DEPS PREPEND hotclock_)
  list(TRANSFORM ARG_TEST_DEPS PREPEND hotclock_)

  set(target hotclock_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(${target} ${scope} hotclock_flags ${ARG_DEPS} ${ARG_LIBS})
  # For the libraries that are installed (cmake/library.cmake).
  set_property(GLOBAL APPEND PROPERTY HOTCLOCK_FOLDERS ${target})
  set_property(GLOBAL APPEND PROPERTY HOTCLOCK_LIBS_OF_${target} ${ARG_LIBS})
  if(statements)
    hotclock_embed_sql(${target} ${scope} ${statements})
  endif()

  if(HOTCLOCK_TESTS AND (tests OR support))
    set(test_target ${target})
    if(support)
      add_library(${target}_support STATIC ${support})
      target_link_libraries(${target}_support PUBLIC ${target} ${ARG_TEST_DEPS} ${ARG_TEST_LIBS}
                            GTest::gtest)
      set(test_target ${target}_support)
    endif()
    if(tests)
      set(engines)
      if(ARG_POSTGRES)
        list(APPEND engines POSTGRES)
      endif()
      if(ARG_ENGINES)
        list(APPEND engines ENGINES)
      endif()
      hotclock_test(${name}_test SOURCES ${tests} DEPS ${test_target} ${ARG_TEST_DEPS}
                    LIBS ${ARG_TEST_LIBS} ${engines})
    endif()
  endif()
  if(HOTCLOCK_FUZZ)
    foreach(fuzzer ${fuzzers})
      cmake_path(GET fuzzer STEM stem)
      add_executable(${stem} ${fuzzer})
      target_link_libraries(${stem} PRIVATE ${target})
      target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()

# What every test includes, compiled once: a third of a test's compile time. Only tests see it, so that
# each file of the product names what it stands on.
function(hotclock_test_headers)
  set(source ${CMAKE_BINARY_DIR}/generated/test_headers.cpp)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  add_library(hotclock_test_headers OBJECT ${source})
  target_link_libraries(hotclock_test_headers PRIVATE hotclock_flags GTest::gtest)
  target_precompile_headers(hotclock_test_headers PRIVATE <gtest/gtest.h> <algorithm> <chrono> <functional> <map>
                            <memory> <optional> <set> <span> <string> <thread> <variant> <vector>)
endfunction()

# Where the PostgreSQL server that tests share (tests/postgres) says how it is reached.
set(HOTCLOCK_TEST_POSTGRES ${CMAKE_BINARY_DIR}/postgres-for-tests)

# A test program whose every TEST is a test of ctest. Each gets the time limit of ARG_TIMEOUT seconds,
# and with POSTGRES the shared PostgreSQL server. With ENGINES all of them run once more, as
# <name>.postgresql.*, on that server.
function(hotclock_test test_name)
  cmake_parse_arguments(ARG "POSTGRES;ENGINES" "TIMEOUT" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(with_postgres)
  if(ARG_POSTGRES)
    set(with_postgres FIXTURES_REQUIRED postgres)
  endif()
  add_executable(${test_name} ${ARG_SOURCES})
  target_link_libraries(${test_name} PRIVATE ${ARG_DEPS} ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  target_precompile_headers(${test_name} REUSE_FROM hotclock_test_headers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # what -Wno-restrict is for comes by this name, too, behind precompiled headers
    target_compile_options(${test_name} PRIVATE -Wno-array-bounds)
  endif()
  gtest_discover_tests(${test_name} TEST_PREFIX ${test_name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT ${ARG_TIMEOUT} ${with_postgres})
  if(ARG_ENGINES)
    gtest_discover_tests(${test_name} TEST_PREFIX ${test_name}.postgresql. DISCOVERY_TIMEOUT 60
                         TEST_LIST ${test_name}_on_postgresql
                         PROPERTIES TIMEOUT ${ARG_TIMEOUT} FIXTURES_REQUIRED postgres
                                    ENVIRONMENT HOTCLOCK_TEST_ENGINE=postgresql)
  endif()
endfunction()

# Each FILE.sql becomes the header <folder>/FILE.sql.h with one constant per `-- name:` section.
function(hotclock_embed_sql target scope)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}
             OUTPUT_VARIABLE folder)
  set(headers "")
  foreach(file ${ARGN})
    cmake_path(GET file FILENAME file_name)
    set(header ${CMAKE_BINARY_DIR}/generated/${folder}/${file_name}.h)
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -D IN=${file} -D OUT=${header} -D FOLDER=${folder}
              -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
      DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
      COMMENT "statements of ${folder}/${file_name}"
      VERBATIM)
    list(APPEND headers ${header})
  endforeach()
  add_custom_target(${target}_sql DEPENDS ${headers})
  add_dependencies(${target} ${target}_sql)
endfunction()

# Each FILE becomes the header <folder>/FILE.h with its text as one constant.
function(hotclock_embed_texts target)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}
             OUTPUT_VARIABLE folder)
  foreach(name ${ARGN})
    set(header ${CMAKE_BINARY_DIR}/generated/${folder}/${name}.h)
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/${name})
    add_custom_command(
      OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -D IN=${file} -D OUT=${header} -D FOLDER=${folder}
              -P ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
      DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake
      COMMENT "text of ${folder}/${name}"
      VERBATIM)
    target_sources(${target} PRIVATE ${header})
  endforeach()
endfunction()

# hotclock_embed_pages(TARGET FILE ...): the header <folder>/pages.embedded.h lists the files' names and texts.
function(hotclock_embed_pages target)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}
             OUTPUT_VARIABLE folder)
  set(header ${CMAKE_BINARY_DIR}/generated/${folder}/pages.embedded.h)
  list(JOIN ARGN "," listed)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -D FILES=${listed} -D OUT=${header} -D FOLDER=${folder}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed_pages.cmake
    COMMENT "pages of ${folder}"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
endfunction()

# hotclock_embed_files(TARGET PATH FILE ... [DEPENDS STAMP ...]): each FILE is embedded as what PATH gives to a
# browser; the header web/embedded.h lists them. A FILE may be a directory that the build fills; then a STAMP
# is what is written once it is full.
function(hotclock_embed_files target)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  set(paths "")
  set(files "")
  set(rest ${ARG_UNPARSED_ARGUMENTS})
  while(rest)
    list(POP_FRONT rest path file)
    list(APPEND paths ${path})
    list(APPEND files ${file})
  endwhile()
  set(needed ${files} ${ARG_DEPENDS})
  list(FILTER needed EXCLUDE REGEX "/$")
  list(JOIN paths "," listed_paths)
  list(JOIN files "," listed_files)
  set(header ${CMAKE_BINARY_DIR}/generated/web/embedded.h)
  add_custom_command(
    OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -D PATHS=${listed_paths} -D FILES=${listed_files} -D OUT=${header}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${needed} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "files of pages"
    VERBATIM)
  target_sources(${target} PRIVATE ${header})
endfunction()
