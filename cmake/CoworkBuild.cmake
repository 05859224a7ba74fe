# How every folder of the project becomes a target: warnings are errors, symbols are hidden, linking repeats the include rules.
include_guard(GLOBAL)
include(GNUInstallDirs)

option(COWORK_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
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
if(COWORK_SANITIZE)
  list(JOIN COWORK_SANITIZE "," cowork_sanitizers)
  target_compile_options(cowork_flags INTERFACE -fsanitize=${cowork_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(cowork_flags INTERFACE -fsanitize=${cowork_sanitizers})
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
