# The manual's pages, made with scdoc: hotclock(1) as it is written, a page of each command as the program tells it,
# and hotclock.toml(5) from the commented settings. OUT.packed holds them as they are installed.
#   cmake -D PROGRAM=hotclock -D SCDOC=scdoc -D AWK=awk -D GZIP=gzip -D SOURCE=SOURCE_DIR -D OUT=DIR -P man_pages.cmake
file(REMOVE_RECURSE ${OUT})
file(MAKE_DIRECTORY ${OUT}/man1 ${OUT}/man5)
set(book ${SOURCE}/docs/man/hotclock.1.scd)

# render(FILE COMMAND ...): what the command prints, as a page.
function(render file)
  execute_process(COMMAND ${ARGN} COMMAND ${SCDOC} OUTPUT_FILE ${OUT}/${file} RESULTS_VARIABLE ended
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

render(man1/hotclock.1 ${CMAKE_COMMAND} -E cat ${book})
execute_process(COMMAND ${PROGRAM} __man OUTPUT_VARIABLE pages COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" pages "${pages}")
foreach(page IN LISTS pages)
  render(man1/hotclock-${page}.1 ${PROGRAM} __man ${page} --book ${book})
endforeach()
render(man5/hotclock.toml.5 ${AWK} -f ${SOURCE}/cmake/settings_page.awk ${SOURCE}/docs/hotclock.toml
       ${SOURCE}/docs/jobs.d/og-daily-bonus.toml)

file(REMOVE_RECURSE ${OUT}.packed)
file(COPY ${OUT}/ DESTINATION ${OUT}.packed)
file(GLOB_RECURSE pages ${OUT}.packed/*)
execute_process(COMMAND ${GZIP} -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
