#include "cowork/loaders/library_file.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "cowork/ports/memory_disk.h"
#include "tiers.h"

using namespace cowork;
using namespace cowork::loaders;

namespace {

/// This program's own header, made to say that it is a shared library.
std::string library_header() {
  std::ifstream self("/proc/self/exe", std::ios::binary);
  std::string bytes(sizeof(Elf64_Ehdr), '\0');
  self.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes[offsetof(Elf64_Ehdr, e_type)] = ET_DYN;
  return bytes;
}

std::string with(std::size_t offset, unsigned char value) {
  std::string bytes = library_header();
  bytes[offset] = static_cast<char>(value);
  return bytes;
}

tl::expected<std::string, FileProblem> find(const MemoryDisk& disk, std::string_view main) {
  const auto tier = disk.open("/t");
  REQUIRE(tier);
  return find_library(PackFiles(**tier, "p", "/t/p", nullptr), main);
}

}  // namespace

TEST_CASE("a shared library for this machine has no fault") {
  CHECK_FALSE(fault_of_library(library_header()));
  CHECK_FALSE(fault_of_library(library_header() + "anything"));
}

TEST_CASE("what is no shared library for this machine is told apart") {
  const std::size_t machine = offsetof(Elf64_Ehdr, e_machine);
  CHECK(fault_of_library("") == "it does not begin with an ELF header");
  CHECK(fault_of_library("\x7f"
                         "EL") == "it does not begin with an ELF header");
  CHECK(fault_of_library("MZ\x90") == "it does not begin with an ELF header");
  CHECK(fault_of_library("module.exports = {}") == "it does not begin with an ELF header");
  CHECK(fault_of_library(library_header().substr(0, 63)) == "it ends within its ELF header");
  CHECK(fault_of_library(with(EI_CLASS, ELFCLASS32)) == "it is not made for 64 bits");
  CHECK(fault_of_library(with(EI_DATA, ELFDATA2MSB)) == "its byte order is not this machine's");
  CHECK(fault_of_library(with(offsetof(Elf64_Ehdr, e_type), ET_EXEC)) == "it is an ELF file, but no shared library");
  const auto other = fault_of_library(with(machine, EM_MIPS));
  REQUIRE(other);
  CHECK(other->starts_with("it is made for another machine (ELF machine 8, this is "));
}

TEST_CASE("a library is found as it is named, or with the platform's prefix and suffix") {
  struct Case {
    const char* file;
    const char* main;
    bool found;
  };
  const Case table[] = {
      {"x.so", "x.so", true},
      {"x.so", "x", true},
      {"libx.so", "x", true},
      {"libx.so", "x.so", true},
      {"libx", "x", true},
      {"native/x.so", "native/x", true},
      {"native/libx.so", "native/x", true},
      {"x.so", "libx", false},
      {"libx.so", "native/x", false},
      {"x.dll", "x", false},
  };
  for (const auto& [file, main, found] : table) {
    INFO(file << " for " << main);
    MemoryDisk disk;
    disk.plant_file(std::string("/t/p/") + file, "");
    const auto path = find(disk, main);
    REQUIRE(path.has_value() == found);
    if (found) {
      CHECK(*path == file);
    } else {
      CHECK(path.error().kind == FileProblem::Kind::missing);
    }
  }
}

TEST_CASE("the name as it stands comes first") {
  MemoryDisk disk;
  disk.plant_file("/t/p/x", "");
  disk.plant_file("/t/p/x.so", "");
  disk.plant_file("/t/p/libx.so", "");
  CHECK(find(disk, "x") == "x");
}

TEST_CASE("a directory of that name does not hide the library, a link does") {
  MemoryDisk disk;
  disk.plant_file("/t/p/x/notes", "");
  CHECK(find(disk, "x").error().message == "it is a directory");
  disk.plant_file("/t/p/libx.so", "");
  CHECK(find(disk, "x") == "libx.so");
  disk.plant_link("/t/p/x.so", "libx.so");
  CHECK(find(disk, "x").error().kind == FileProblem::Kind::link);
  CHECK(find(disk, "x").error().path == "/t/p/x.so");
}

TEST_CASE("a link on the way to the library is a problem") {
  MemoryDisk disk;
  disk.plant_file("/t/p/real/x.so", "");
  disk.plant_link("/t/p/native", "real");
  const auto path = find(disk, "native/x.so");
  REQUIRE_FALSE(path);
  CHECK(path.error().kind == FileProblem::Kind::link);
  CHECK(path.error().path == "/t/p/native");
}
