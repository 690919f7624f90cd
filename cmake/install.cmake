# What `cmake --install build/release --prefix DIR` lays down: the program, its manual, its
# completions, the libraries for programs of others (cmake/library.cmake), and the commented settings to start from.
include(GNUInstallDirs)
find_program(SCDOC scdoc REQUIRED)
find_program(AWK NAMES mawk gawk awk REQUIRED)
find_program(GZIP gzip REQUIRED)

set(generated ${CMAKE_BINARY_DIR}/generated)
file(GLOB documented CONFIGURE_DEPENDS docs/hotclock.toml docs/jobs.d/*.toml)
set(man_pages ${generated}/man)
add_custom_command(
  OUTPUT ${man_pages}.made
  COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:hotclock> -D SCDOC=${SCDOC} -D AWK=${AWK} -D SOURCE=${CMAKE_SOURCE_DIR}
          -D GZIP=${GZIP} -D OUT=${man_pages} -P ${CMAKE_SOURCE_DIR}/cmake/man_pages.cmake
  COMMAND ${CMAKE_COMMAND} -E touch ${man_pages}.made
  DEPENDS hotclock ${documented} docs/man/hotclock.1.scd cmake/man_pages.cmake cmake/settings_page.awk
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  COMMENT "pages of the manual"
  VERBATIM)

set(completions)
foreach(shell bash zsh fish)
  set(script ${CMAKE_BINARY_DIR}/generated/hotclock.${shell})
  add_custom_command(OUTPUT ${script} COMMAND hotclock completion ${shell} > ${script}
                     DEPENDS hotclock VERBATIM)
  list(APPEND completions ${script})
endforeach()
add_custom_target(hotclock_documents ALL DEPENDS ${man_pages}.made ${completions})

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
install(TARGETS hotclock RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${man_pages}.packed/ DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${generated}/hotclock.bash RENAME hotclock
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/hotclock.zsh RENAME _hotclock
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${generated}/hotclock.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES docs/hotclock.toml docs/adopting.md docs/cron.md docs/events.md docs/library.md docs/operating.md docs/scaling.md
              docs/jobs.md docs/realtime.md docs/themes.md docs/metrics.md docs/alerts.md docs/notifiers.md docs/monitoring.md docs/tuning.md
              docs/history.md
              README.md LICENSE CHANGELOG.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/adopting docs/jobs.d docs/own-jobs docs/runbook docs/scaling DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY packaging/monitoring DESTINATION ${CMAKE_INSTALL_DATADIR}/hotclock)

# What a package adds for the machine it is installed on; `cmake --install` leaves it out.
install(FILES packaging/hotclock.service DESTINATION /lib/systemd/system COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.sysusers RENAME hotclock.conf DESTINATION /usr/lib/sysusers.d
        COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.tmpfiles RENAME hotclock.conf DESTINATION /usr/lib/tmpfiles.d
        COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.toml DESTINATION /etc/hotclock COMPONENT service EXCLUDE_FROM_ALL)

include(cmake/library.cmake)
