# What `cmake --install build/release --prefix DIR` lays down: the program, its manual page, its
# completions, and the commented settings to start from.
include(GNUInstallDirs)
find_program(SCDOC scdoc REQUIRED)

set(man_page ${CMAKE_BINARY_DIR}/generated/hotclock.1)
add_custom_command(
  OUTPUT ${man_page}
  COMMAND ${SCDOC} < ${CMAKE_SOURCE_DIR}/docs/man/hotclock.1.scd > ${man_page}
  DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/hotclock.1.scd
  VERBATIM)

set(completions)
foreach(shell bash zsh fish)
  set(script ${CMAKE_BINARY_DIR}/generated/hotclock.${shell})
  add_custom_command(OUTPUT ${script} COMMAND hotclock completion ${shell} > ${script}
                     DEPENDS hotclock VERBATIM)
  list(APPEND completions ${script})
endforeach()
add_custom_target(hotclock_documents ALL DEPENDS ${man_page} ${completions})

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME program)
install(TARGETS hotclock RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${man_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
set(generated ${CMAKE_BINARY_DIR}/generated)
install(FILES ${generated}/hotclock.bash RENAME hotclock
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/hotclock.zsh RENAME _hotclock
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${generated}/hotclock.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES docs/hotclock.toml docs/adopting.md docs/cron.md docs/events.md docs/operating.md docs/scaling.md
              docs/jobs.md docs/realtime.md docs/themes.md
              README.md LICENSE CHANGELOG.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/adopting docs/jobs.d docs/own-jobs docs/scaling DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What a package adds for the machine it is installed on; `cmake --install` leaves it out.
install(FILES packaging/hotclock.service DESTINATION /lib/systemd/system COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.sysusers RENAME hotclock.conf DESTINATION /usr/lib/sysusers.d
        COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.tmpfiles RENAME hotclock.conf DESTINATION /usr/lib/tmpfiles.d
        COMPONENT service EXCLUDE_FROM_ALL)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT service EXCLUDE_FROM_ALL)
install(FILES packaging/hotclock.toml DESTINATION /etc/hotclock COMPONENT service EXCLUDE_FROM_ALL)
