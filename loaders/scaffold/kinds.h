// The kinds of packs that can be made from nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cowork/host/loading.h"

namespace cowork::loaders {

/// The members that every kind begins its manifest with.
json::Value manifest_head(const ScaffoldPack& options);
/// "# <display name>", the description, then `rest`.
FileToWrite readme(const ScaffoldPack& options, std::string_view rest);
/// `text` with `name` wherever it says @NAME@.
std::string with_name(std::string_view text, std::string_view name);

std::vector<FileToWrite> declarative_pack(const ScaffoldPack& options);
std::vector<FileToWrite> pack_with_skill_file(const ScaffoldPack& options);
std::vector<FileToWrite> native_pack(const ScaffoldPack& options);
std::vector<FileToWrite> interceptor_pack(const ScaffoldPack& options);

}  // namespace cowork::loaders
