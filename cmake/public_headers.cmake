# Copies headers as others include them: "scheduler/core/job.h" becomes <hotclock/scheduler/core/job.h>, in the
# name of the file and in the headers that include it.
#   cmake -D LIST=headers.txt -D IN=SOURCE_DIR -D OUT=DIR/hotclock -P public_headers.cmake
file(REMOVE_RECURSE ${OUT})
file(STRINGS ${LIST} headers)
foreach(header IN LISTS headers)
  file(READ ${IN}/${header} text)
  string(REGEX REPLACE "#include \"((scheduler|service)/[^\"]*)\"" "#include <hotclock/\\1>" text "${text}")
  file(WRITE ${OUT}/${header} "${text}")
endforeach()
