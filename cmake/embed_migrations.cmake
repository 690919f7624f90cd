# Turns the migrations of a folder, NNNN_name.sql, into one header: `all`, the list of them by number.
#   cmake -D FILES="a.sql,b.sql" -D OUT=migrations.h -P embed_migrations.cmake
string(REPLACE "," ";" FILES "${FILES}")
list(SORT FILES)
set(entries "")
set(before "")
foreach(file IN LISTS FILES)
  cmake_path(GET file STEM name)
  string(REGEX MATCH "^[0-9]+" number "${name}")
  if(number STREQUAL before)
    message(FATAL_ERROR "two migrations have the number ${number}")
  endif()
  set(before "${number}")
  string(REGEX REPLACE "^0+" "" version "${number}")
  file(READ ${file} text)
  string(APPEND entries "    Migration{${version}, \"${name}\", R\"sql(${text})sql\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by cmake/embed_migrations.cmake.
#pragma once

#include <array>

#include \"service/schema/migration.h\"

namespace hotclock::schema::embedded {

inline constexpr auto all = std::to_array<Migration>({
${entries}});

}  // namespace
")
