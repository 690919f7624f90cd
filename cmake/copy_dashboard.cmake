# The dashboard's sources as they are now, and no file that was there before.
#   cmake -D FROM=web/dashboard -D TO=build/web/dashboard -P copy_dashboard.cmake
foreach(old src public tools)
  file(REMOVE_RECURSE ${TO}/${old})
endforeach()
file(COPY ${FROM}/ DESTINATION ${TO}
     PATTERN node_modules EXCLUDE
     PATTERN dist EXCLUDE
     PATTERN packed EXCLUDE
     PATTERN made EXCLUDE
     PATTERN package-lock.json EXCLUDE)
