# Turns files into one header: `embedded`, the list of them as web assets, sorted by path.
#   cmake -D PATHS="/a,/b" -D FILES="a.html,b.js" -D OUT=embedded.h -P embed_files.cmake
# A path that ends with a slash may have a directory, all of whose files it then stands before. What is named
# FILE.gz is FILE, stored as gzip; FILE.br keeps its path, and is FILE packed with brotli.
string(REPLACE "," ";" given_paths "${PATHS}")
string(REPLACE "," ";" given_files "${FILES}")
set(PATHS "")
set(FILES "")
foreach(path file IN ZIP_LISTS given_paths given_files)
  if(IS_DIRECTORY ${file})
    file(GLOB_RECURSE inside RELATIVE ${file} ${file}/*)
    foreach(one IN LISTS inside)
      string(REGEX REPLACE "\\.gz$" "" plain ${one})
      list(APPEND PATHS ${path}${plain})
      list(APPEND FILES ${file}/${one})
    endforeach()
  else()
    list(APPEND PATHS ${path})
    list(APPEND FILES ${file})
  endif()
endforeach()
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(sorted ${PATHS})
list(SORT sorted)
set(symbols "")
set(entries "")
foreach(path IN LISTS sorted)
  list(FIND PATHS "${path}" at)
  list(GET FILES ${at} file)
  set(encoding "")
  set(named ${file})
  if(file MATCHES "\\.gz$")
    set(encoding "gzip")
    string(REGEX REPLACE "\\.gz$" "" named ${file})
  elseif(file MATCHES "\\.br$")
    set(encoding "br")
    string(REGEX REPLACE "\\.br$" "" named ${file})
  endif()
  cmake_path(GET named EXTENSION LAST_ONLY extension)
  string(SUBSTRING "${extension}" 1 -1 extension)
  if(NOT type_${extension})
    message(FATAL_ERROR "${file}: the content type of .${extension} is not known here")
  endif()
  file(SIZE ${file} size)
  file(SHA256 ${file} sum)
  string(SUBSTRING ${sum} 0 32 sum)
  set(symbol hotclock_asset_${at})
  string(APPEND symbols "asm(\".pushsection .rodata\\n${symbol}: .incbin \\\"${file}\\\"\\n.popsection\");
extern \"C\" const char ${symbol}[];
")
  string(APPEND entries "    Asset{\"${path}\", \"${type_${extension}}\", {${symbol}, ${size}}, \"\\\"${sum}\\\"\", \"${encoding}\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by cmake/embed_files.cmake; for one source alone, which then holds the bytes.
#pragma once

#include <array>

#include \"web/assets.h\"

${symbols}
namespace hotclock::web {

const auto embedded = std::to_array<Asset>({
${entries}});

}  // namespace
")
