# `cpack --config build/release/CPackConfig.cmake`: a Debian package of what cmake/install.cmake lays down,
# with a unit of systemd, an account and settings in /etc/hotclock. It starts nothing by itself.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hotclock)
set(CPACK_PACKAGE_VENDOR "Hotclock")
set(CPACK_PACKAGE_CONTACT "Hotclock maintainers <maintainers@hotclock.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "scheduler of a live-streaming platform")
set(CPACK_PACKAGE_DESCRIPTION
    "Pays daily bonuses, ends thrones, switches festivals, ranks streams and scores trust: each due slot once, and \
 every connected client told at once. Keeps its state in SQLite or PostgreSQL.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm ${packaging}/conffiles)
set(CPACK_COMPONENTS_ALL program service)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
include(CPack)
