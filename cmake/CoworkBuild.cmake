# How every folder of the project becomes a target: warnings are errors, symbols are hidden, linking repeats the include rules.
include_guard(GLOBAL)
include(GNUInstallDirs)

option(COWORK_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
option(COWORK_COVERAGE "Count which regions and branches run (clang, source-based)" OFF)
option(COWORK_FUZZ "Build the fuzz targets (clang, libFuzzer); the parsers are instrumented for them" OFF)
option(COWORK_UNITY "Compile a target's sources together where their names allow it: half the time" OFF)
set(COWORK_SANITIZE "" CACHE STRING "Sanitizers to build with: address;undefined or thread")

add_library(cowork_flags INTERFACE)
target_compile_features(cowork_flags INTERFACE cxx_std_20)
target_compile_options(cowork_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-align -Woverloaded-virtual -Wnull-dereference -Wformat=2 -Wimplicit-fallthrough
  $<$<BOOL:${COWORK_WERROR}>:-Werror> -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own <string> and std::variant at -O2 (GCC bugs 105562, 105593): noise, not findings.
  target_compile_options(cowork_flags INTERFACE -Wduplicated-cond -Wlogical-op -Wno-null-dereference -Wno-maybe-uninitialized
    -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # Several times as fast as the usual one with what the sanitizers bring. Applications choose their own.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=lld COWORK_HAS_LLD)
  if(COWORK_HAS_LLD)
    target_link_options(cowork_flags INTERFACE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:COWORK_USUAL_LINKER>>>:-fuse-ld=lld>)
  endif()
endif()
if(COWORK_SANITIZE)
  list(JOIN COWORK_SANITIZE "," cowork_sanitizers)
  target_compile_options(cowork_flags INTERFACE -fsanitize=${cowork_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(cowork_flags INTERFACE -fsanitize=${cowork_sanitizers})
endif()

if(COWORK_COVERAGE)
  # Counters live in a file that every process of a program maps: they count also where it is killed, or may not write.
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/profiles)
  set(cowork_profile -fprofile-instr-generate=${PROJECT_BINARY_DIR}/profiles/%c%m.profraw)
  target_compile_options(cowork_flags INTERFACE ${cowork_profile} -fcoverage-mapping "SHELL:-mllvm -runtime-counter-relocation")
  target_link_options(cowork_flags INTERFACE ${cowork_profile})
endif()

# What is installed must not name the directories in which it was built: neither in debug information nor by __FILE__.
add_library(cowork_product_flags INTERFACE)
target_link_libraries(cowork_product_flags INTERFACE cowork_flags)
target_compile_options(cowork_product_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
# A build directory inside the sources is covered; the same options in all of them let a compiler cache share.
cmake_path(IS_PREFIX PROJECT_SOURCE_DIR "${PROJECT_BINARY_DIR}" cowork_builds_inside)
if(NOT cowork_builds_inside)
  target_compile_options(cowork_product_flags INTERFACE -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
endif()

if(COWORK_UNITY)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
endif()

# cowork_unity(target): with COWORK_UNITY, its sources in groups of one translation unit each (unity_groups.py). A source
# that two targets of a folder share is compiled alone in both, since it can have only one group.
function(cowork_unity target)
  if(NOT COWORK_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cc$")
  list(FILTER sources EXCLUDE REGEX "^${PROJECT_BINARY_DIR}/")
  list(TRANSFORM sources REPLACE "^([^/].*)$" "${CMAKE_CURRENT_SOURCE_DIR}/\\1")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  list(TRANSFORM sources PREPEND "${target}=")
  get_property(asked GLOBAL PROPERTY COWORK_UNITY_SOURCES)
  if(NOT asked)
    cmake_language(DEFER DIRECTORY ${PROJECT_SOURCE_DIR} CALL cowork_unity_groups)
  endif()
  set_property(GLOBAL APPEND PROPERTY COWORK_UNITY_SOURCES ${sources})
endfunction()

# Of all targets at once, when all are known.
function(cowork_unity_groups)
  get_property(sources GLOBAL PROPERTY COWORK_UNITY_SOURCES)
  execute_process(COMMAND ${Python3_EXECUTABLE} -B ${PROJECT_SOURCE_DIR}/cmake/unity_groups.py 12 ${sources}
    OUTPUT_VARIABLE lines OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" lines "${lines}")
  foreach(line ${lines})
    string(REGEX MATCH "^([^=]*)=([^=]*)=(.*)$" line "${line}")
    set(target ${CMAKE_MATCH_1})
    set(group ${CMAKE_MATCH_2})
    set(source ${CMAKE_MATCH_3})
    get_source_file_property(other ${source} TARGET_DIRECTORY ${target} COWORK_UNITY_TARGET)
    if(other)
      set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    else()
      set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES
        UNITY_GROUP ${group} COWORK_UNITY_TARGET ${target})
    endif()
  endforeach()
endfunction()

# cowork_component(NAME name SOURCES files... [LINKS public targets...] [PRIVATE_LINKS targets...])
# A static library cowork_<name> of this folder, whose public headers lie under include/. It is installed with them, as
# cowork::component_<name>; applications link the targets of cowork_umbrella().
function(cowork_component)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target cowork_${arg_NAME})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(cowork::component_${arg_NAME} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  # Whoever links the installed library has no need of what was only compiled into it.
  list(TRANSFORM arg_PRIVATE_LINKS REPLACE "^.+[-_]header[-_]only$" "$<BUILD_INTERFACE:\\0>")
  target_link_libraries(${target}
    PUBLIC ${arg_LINKS} PRIVATE $<BUILD_INTERFACE:cowork_product_flags> ${arg_PRIVATE_LINKS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME component_${arg_NAME}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  cowork_unity(${target})
  set_property(GLOBAL APPEND PROPERTY COWORK_COMPONENTS ${target})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/include)
    set_property(GLOBAL APPEND PROPERTY COWORK_INCLUDE_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR}/include)
  endif()
endfunction()

# cowork_umbrella(NAME name LINKS targets...)
# cowork::<name>: what applications link. The same name in the tree, by FetchContent, and from the installed package.
function(cowork_umbrella)
  cmake_parse_arguments(arg "" "NAME" "LINKS" ${ARGN})
  set(target cowork_umbrella_${arg_NAME})
  add_library(${target} INTERFACE)
  add_library(cowork::${arg_NAME} ALIAS ${target})
  target_link_libraries(${target} INTERFACE ${arg_LINKS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${arg_NAME})
  set_property(GLOBAL APPEND PROPERTY COWORK_UMBRELLAS ${target})
endfunction()

# cowork_test(NAME name SOURCES files... [LINKS targets...] [LABELS labels...])
# A Catch2 program test_<name>, registered with ctest under that name.
function(cowork_test)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(test_${arg_NAME} ${arg_SOURCES})
  target_link_libraries(test_${arg_NAME} PRIVATE cowork_flags cowork_test_support cowork_test_pch ${arg_LINKS})
  target_precompile_headers(test_${arg_NAME} REUSE_FROM cowork_test_pch)
  cowork_unity(test_${arg_NAME})
  add_test(NAME ${arg_NAME} COMMAND test_${arg_NAME})
  set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 900)
  # What the tsan preset builds.
  if("concurrency" IN_LIST arg_LABELS)
    if(NOT TARGET concurrency_tests)
      add_custom_target(concurrency_tests)
    endif()
    add_dependencies(concurrency_tests test_${arg_NAME})
  endif()
endfunction()
