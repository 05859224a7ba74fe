#include "notes.h"

#include <fstream>
#include <stdexcept>

namespace text_tools {
namespace {

std::string file_in(const std::string& directory) {
  return directory + "/notes.txt";
}

}  // namespace

void Notes::add(const std::string& directory, const std::string& note) {
  const std::lock_guard lock(mutex_);
  std::ofstream file(file_in(directory), std::ios::app);
  file << note << '\n';
  if (!file.flush()) throw std::runtime_error("the note can't be written to " + file_in(directory));
}

std::vector<std::string> Notes::all(const std::string& directory) {
  const std::lock_guard lock(mutex_);
  std::ifstream file(file_in(directory));
  std::vector<std::string> notes;
  for (std::string line; std::getline(file, line);) notes.push_back(line);
  return notes;
}

}  // namespace text_tools
