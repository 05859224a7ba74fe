# How every folder of the project becomes a target: warnings are errors, symbols are hidden, linking repeats the include rules.
include_guard(GLOBAL)

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

# cowork_component(NAME name SOURCES files... [LINKS public targets...] [PRIVATE_LINKS targets...])
# A static library cowork_<name> of this folder, whose public headers lie under include/.
function(cowork_component)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(target cowork_${arg_NAME})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(cowork::${arg_NAME} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC ${arg_LINKS} PRIVATE $<BUILD_INTERFACE:cowork_flags> ${arg_PRIVATE_LINKS})
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
endfunction()

# cowork_test(NAME name SOURCES files... [LINKS targets...] [LABELS labels...])
# A Catch2 program test_<name>, registered with ctest under that name.
function(cowork_test)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(test_${arg_NAME} ${arg_SOURCES})
  target_link_libraries(test_${arg_NAME} PRIVATE cowork_flags cowork_test_support cowork_test_pch ${arg_LINKS})
  target_precompile_headers(test_${arg_NAME} REUSE_FROM cowork_test_pch)
  add_test(NAME ${arg_NAME} COMMAND test_${arg_NAME})
  set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300)
  # What the tsan preset builds.
  if("concurrency" IN_LIST arg_LABELS)
    if(NOT TARGET concurrency_tests)
      add_custom_target(concurrency_tests)
    endif()
    add_dependencies(concurrency_tests test_${arg_NAME})
  endif()
endfunction()
