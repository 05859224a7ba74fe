# What `cmake --install` puts where. Components: runtime (programs, builtin packs, man page) and development (libraries,
# headers, CMake package, pkg-config file). The tree can be moved: nothing in it names the place where it lies.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

get_property(components GLOBAL PROPERTY COWORK_COMPONENTS)
get_property(umbrellas GLOBAL PROPERTY COWORK_UMBRELLAS)
get_property(include_directories GLOBAL PROPERTY COWORK_INCLUDE_DIRECTORIES)
set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/cowork)
# The program looks for these two beside itself (assembly/standard_paths.cc), wherever the rest of the data goes.
set(packs_directory share/cowork/plugin-packs)
set(programs_directory libexec/cowork)

if(COWORK_BUILD_APPS)
  install(TARGETS cowork RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
  foreach(program cowork-fetch cowork-pack-runner)
    if(TARGET ${program})
      install(TARGETS ${program} RUNTIME DESTINATION ${programs_directory} COMPONENT runtime)
    endif()
  endforeach()
  set(completion ${PROJECT_BINARY_DIR}/apps/cli/completion)
  install(FILES ${completion}.bash RENAME cowork COMPONENT runtime
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${completion}.zsh RENAME _cowork COMPONENT runtime
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${completion}.fish RENAME cowork.fish COMPONENT runtime
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  install(FILES scripts/systemd/cowork.service scripts/systemd/cowork.socket COMPONENT runtime
    DESTINATION lib/systemd/user)
  install(FILES apps/cli/man/cowork.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
endif()
install(FILES apps/panel/dist/client/electron-api.js apps/panel/dist/client/electron-api.d.ts
  DESTINATION share/cowork/client COMPONENT runtime)
install(DIRECTORY sample-packs/builtin/ DESTINATION ${packs_directory} COMPONENT runtime)
install(FILES README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(FILES sample-packs/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/sample-packs COMPONENT runtime)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)

foreach(directory ${include_directories})
  install(DIRECTORY ${directory}/cowork DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development
    FILES_MATCHING PATTERN "*.h")
endforeach()
install(TARGETS ${components} ${umbrellas} EXPORT coworkTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT coworkTargets NAMESPACE cowork:: DESTINATION ${package_directory} COMPONENT development)

configure_package_config_file(cmake/coworkConfig.cmake.in ${PROJECT_BINARY_DIR}/coworkConfig.cmake
  INSTALL_DESTINATION ${package_directory} PATH_VARS packs_directory programs_directory)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/coworkConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/coworkConfig.cmake ${PROJECT_BINARY_DIR}/coworkConfigVersion.cmake
  DESTINATION ${package_directory} COMPONENT development)
if(EXISTS ${PROJECT_SOURCE_DIR}/cmake/CoworkPack.cmake)
  install(FILES cmake/CoworkPack.cmake DESTINATION ${package_directory} COMPONENT development)
endif()

# Folders are added after those that they stand on, so the linker wants them the other way round.
list(REVERSE components)
list(TRANSFORM components PREPEND "-l")
list(JOIN components " " pkg_config_libraries)
file(RELATIVE_PATH pkg_config_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" pkg_config_prefix ${pkg_config_prefix})
configure_file(cmake/cowork.pc.in ${PROJECT_BINARY_DIR}/cowork.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cowork.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
