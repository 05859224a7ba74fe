# cowork_embed_files(SOURCE file DIRECTORY directory): a C++ source with everything below a directory, as what
# apps/server/embedded_files.h declares. Written anew when a file changes, comes or goes; a directory that is missing
# gives none. CMake alone does it, and the same files give the same source.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(cowork_embed_script ${CMAKE_CURRENT_LIST_FILE})
  function(cowork_embed_files)
    cmake_parse_arguments(arg "" "SOURCE;DIRECTORY" "" ${ARGN})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${arg_DIRECTORY}/*)
    # A file that has gone changes the list, and with it the command.
    string(SHA256 list_of_files "${files}")
    add_custom_command(OUTPUT ${arg_SOURCE}
      COMMAND ${CMAKE_COMMAND} -D SOURCE=${arg_SOURCE} -D DIRECTORY=${arg_DIRECTORY} -D LIST=${list_of_files}
        -P ${cowork_embed_script}
      DEPENDS ${files} ${cowork_embed_script} COMMENT "Embedding ${arg_DIRECTORY}" VERBATIM)
  endfunction()
  return()
endif()

file(GLOB_RECURSE paths RELATIVE ${DIRECTORY} ${DIRECTORY}/*)
list(SORT paths)
string(REPEAT "[0-9a-f]" 64 line)
set(arrays "")
set(entries "")
set(number 0)
foreach(path ${paths})
  file(READ ${DIRECTORY}/${path} hex HEX)
  file(SHA256 ${DIRECTORY}/${path} hash)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(${line})" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
  # One more byte, since an array can't be empty.
  string(APPEND arrays "constexpr unsigned char file_${number}[] = {\n${hex}0x00};\n")
  string(APPEND entries "    {\"${path}\", text(file_${number}, ${size}),\n     \"${hash}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()

set(source "// Written by cmake/EmbedFiles.cmake.
#include \"embedded_files.h\"

#include <vector>

namespace cowork::server {

namespace {

")
if(entries)
  string(APPEND source "${arrays}
std::string_view text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

")
endif()
string(APPEND source "}  // namespace

std::span<const EmbeddedFile> embedded_files() noexcept {
  static const std::vector<EmbeddedFile> files{
${entries}  };
  return files;
}

}  // namespace cowork::server
")
file(WRITE ${SOURCE} "${source}")
