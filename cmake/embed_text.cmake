# Turns a file into a header with one constant, its text: schemas.json -> schemas_json.
#   cmake -D IN=x.json -D OUT=x.json.h -D FOLDER=service/operations -P embed_text.cmake
cmake_path(GET FOLDER FILENAME folder)
cmake_path(GET IN FILENAME name)
string(MAKE_C_IDENTIFIER ${name} symbol)
file(READ ${IN} content)
file(WRITE ${OUT} "// Made from ${FOLDER}/${name} by cmake/embed_text.cmake.
#pragma once

#include <string_view>

namespace hotclock::${folder} {

inline constexpr std::string_view ${symbol} = R\"text(${content})text\";

}  // namespace
")
