# `cpack --config build/release/CPackConfig.cmake`: Debian packages of what cmake/install.cmake lays down. hotclock is
# the program, with a unit of systemd, an account and settings in /etc/hotclock; it starts nothing by itself.
# libhotclock-dev is the libraries for programs of others.
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
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENTS_ALL program service development development_package)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(CPACK_DEBIAN_MAIN_PACKAGE_NAME hotclock)
set(CPACK_DEBIAN_MAIN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_MAIN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS "tzdata, ca-certificates")
set(CPACK_DEBIAN_MAIN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_MAIN_PACKAGE_CONTROL_EXTRA
    ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm ${packaging}/conffiles)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libhotclock-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
# What HotclockConfig.cmake looks for.
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libcctz-dev, libfmt-dev, libspdlog-dev, libcli11-dev, libsqlite3-dev, libpq-dev, libboost1.81-dev, \
libboost-json1.81-dev, libssl-dev, nlohmann-json3-dev, prometheus-cpp-dev, zlib1g-dev, libhiredis-dev, \
libtomlplusplus-dev, pkg-config")
include(CPack)
cpack_add_component_group(main DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
cpack_add_component_group(dev DESCRIPTION
  "Libraries and headers of Hotclock: for programs with a scheduler in them, and for jobs of one's own in C++.")
cpack_add_component(program GROUP main)
cpack_add_component(service GROUP main)
cpack_add_component(development GROUP dev)
cpack_add_component(development_package GROUP dev)
