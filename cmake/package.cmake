# `cpack --config build/release/CPackConfig.cmake`: Debian packages of what cmake/install.cmake lays down. hotclock is
# the program, with a unit of systemd, an account and settings in /etc/hotclock; it starts nothing by itself.
# libhotclock-dev is the libraries for programs of others.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hotclock)
set(CPACK_PACKAGE_VENDOR "Hotclock")
set(CPACK_PACKAGE_CONTACT "Hotclock maintainers <maintainers@hotclock.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/strip_archives.cmake)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENTS_ALL program service development development_package)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(CPACK_DEBIAN_MAIN_PACKAGE_NAME hotclock)
set(CPACK_DEBIAN_MAIN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_MAIN_DESCRIPTION
    "scheduler of a live-streaming platform
Pays daily bonuses, ends thrones, switches festivals, ranks streams and scores trust: each due slot once, and \
every connected client told at once. Keeps its state in SQLite or PostgreSQL.")
set(CPACK_DEBIAN_MAIN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS "tzdata, ca-certificates")
set(CPACK_DEBIAN_MAIN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_MAIN_PACKAGE_CONTROL_EXTRA
    ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm ${packaging}/conffiles)

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libhotclock-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_DESCRIPTION
    "libraries of Hotclock for programs of one's own
Headers and static libraries: Hotclock::scheduler for programs with a scheduler in them, Hotclock::service for jobs \
of one's own on a database. find_package(Hotclock) finds them.")
# What HotclockConfig.cmake looks for.
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
    "libcctz-dev, libfmt-dev, libspdlog-dev, libcli11-dev, libsqlite3-dev, libpq-dev, libboost1.81-dev, \
libboost-json1.81-dev, libssl-dev, nlohmann-json3-dev, prometheus-cpp-dev, zlib1g-dev, libcurl4-openssl-dev, libhiredis-dev, \
libtomlplusplus-dev, pkg-config")

# What Debian wants to know of each package: its license, and what is new, which the changelog for operators says.
string(TIMESTAMP made "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changes ${CMAKE_BINARY_DIR}/generated/changes)
foreach(package hotclock libhotclock-dev)
  file(CONFIGURE OUTPUT ${changes}/${package}/changelog @ONLY CONTENT
    "${package} (${PROJECT_VERSION}) unstable; urgency=medium\n\n  * /usr/share/doc/hotclock/CHANGELOG.md says what is new.\n\n\
 -- ${CPACK_PACKAGE_CONTACT}  ${made}\n")
  file(ARCHIVE_CREATE OUTPUT ${changes}/${package}/changelog.gz PATHS ${changes}/${package}/changelog FORMAT raw
       COMPRESSION GZip COMPRESSION_LEVEL 9)
endforeach()
set(doc ${CMAKE_INSTALL_DATADIR}/doc)
install(FILES ${changes}/hotclock/changelog.gz DESTINATION ${doc}/hotclock COMPONENT service EXCLUDE_FROM_ALL)
install(FILES ${changes}/libhotclock-dev/changelog.gz packaging/copyright DESTINATION ${doc}/libhotclock-dev
        COMPONENT development_package EXCLUDE_FROM_ALL)
include(CPack)
cpack_add_component_group(main)
cpack_add_component_group(dev)
cpack_add_component(program GROUP main)
cpack_add_component(service GROUP main)
cpack_add_component(development GROUP dev)
cpack_add_component(development_package GROUP dev)
