# cowork_add_pack(NAME name SOURCES files... [JSON] [LINKS targets...] [DIRECTORY directory])
#
# A target pack_<name>: the library of a native pack, as the host wants it: lib<name>.so in `directory`, everything hidden
# but the pack's table, nothing unique to the process (two packs don't share their variables), no search path of its own,
# no symbol left open. A manifest finds it by "main": "lib/<name>".
#
# JSON links cowork::json: the strict reader and the values of cowork/base/json.h. LINKS are further targets; what they
# bring as a shared library has to be where the dynamic linker looks.
# `directory` is lib/ beside the CMakeLists.txt. Where COWORK_PACK_OUTPUT_DIRECTORY is set, it is lib/ in <that>/<name>,
# and the manifest is copied there: packs can then be tried from a build tree.
include_guard(GLOBAL)

function(cowork_add_pack)
  cmake_parse_arguments(PARSE_ARGV 0 arg "JSON" "NAME;DIRECTORY" "SOURCES;LINKS")
  if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cowork_add_pack: NAME and SOURCES are needed; not known: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_DIRECTORY AND COWORK_PACK_OUTPUT_DIRECTORY)
    set(pack ${COWORK_PACK_OUTPUT_DIRECTORY}/${arg_NAME})
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/cowork.plugin.json ${pack}/cowork.plugin.json COPYONLY)
    set(arg_DIRECTORY ${pack}/lib)
  elseif(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/lib)
  endif()
  set(target pack_${arg_NAME})
  add_library(${target} MODULE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE cowork::native $<$<BOOL:${arg_JSON}>:cowork::json> ${arg_LINKS})
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    OUTPUT_NAME ${arg_NAME} PREFIX lib SUFFIX .so LIBRARY_OUTPUT_DIRECTORY $<1:${arg_DIRECTORY}>
    SKIP_BUILD_RPATH ON INSTALL_RPATH "" INSTALL_RPATH_USE_LINK_PATH OFF)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  endif()
  target_link_options(${target} PRIVATE -Wl,--as-needed -Wl,--exclude-libs,ALL)
  # A sanitizer's functions come from the program that loads the library.
  if(NOT COWORK_SANITIZE AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
