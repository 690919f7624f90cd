# Copies headers as others include them: "scheduler/core/job.h" becomes <hotclock/scheduler/core/job.h>, in the
# name of the file and in the headers that include it. It begins with ROOTS and goes on to what these include, so that
# nothing is laid down but what may be used.
#   cmake -D ROOTS=A.h,B.h -D IN=SOURCE_DIR -D OUT=DIR/hotclock -P public_headers.cmake
file(REMOVE_RECURSE ${OUT})
string(REPLACE "," ";" roots "${ROOTS}")

set(wanted "")
# lay_down(FROM TO): and what it includes is wanted too.
macro(lay_down from to)
  file(READ ${from} text)
  string(REGEX REPLACE "#include \"((scheduler|service)/[^\"]*)\"" "#include <hotclock/\\1>" text "${text}")
  file(WRITE ${OUT}/${to} "${text}")
  string(REGEX MATCHALL "#include <hotclock/[^>]*>" includes "${text}")
  list(TRANSFORM includes REPLACE "#include <hotclock/(.*)>" "\\1")
  list(APPEND wanted ${includes})
endmacro()

foreach(root IN LISTS roots)
  cmake_path(GET root FILENAME name)
  lay_down(${root} ${name})
endforeach()
while(wanted)
  list(POP_FRONT wanted header)
  if(NOT EXISTS ${OUT}/${header})
    lay_down(${IN}/${header} ${header})
  endif()
endwhile()
