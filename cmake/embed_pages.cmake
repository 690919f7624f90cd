# Turns files into one header with a list of their names, without what follows the dot, and their texts.
#   cmake -D FILES=a.md,b.md -D OUT=pages.h -D FOLDER=service/runbook -P embed_pages.cmake
cmake_path(GET FOLDER FILENAME folder)
string(REPLACE "," ";" files "${FILES}")
list(LENGTH files count)
set(entries "")
foreach(file IN LISTS files)
  cmake_path(GET file STEM name)
  file(READ ${file} content)
  string(APPEND entries "    {\"${name}\", R\"page(${content})page\"},\n")
endforeach()
file(WRITE ${OUT} "// Made for ${FOLDER} by cmake/embed_pages.cmake.
#pragma once

#include <string_view>

namespace hotclock::${folder} {

struct EmbeddedPage {
  std::string_view name, text;
};

inline constexpr EmbeddedPage embedded_pages[${count}] = {
${entries}};

}  // namespace
")
