// What a pack is told of its configuration: `<home>/config/<name>.json`, checked against the manifest's configSchema.
//
// Of JSON Schema these keywords count: type, enum, properties, required, default, additionalProperties (false only),
// minimum, maximum, minLength, maxLength (in characters), items (one schema). Others say nothing to the host.
//
// Threads: any. Errors: invalid-argument with file, line, column and pointer; io.
#pragma once

#include <string>
#include <string_view>

#include "cowork/base/json_reader.h"
#include "cowork/ports/disk.h"

namespace cowork::loaders {

/// The document's root (an object) with the defaults of `schema` filled in, if it is what the schema asks for. A null
/// `schema` asks for nothing.
Result<json::Value> checked_configuration(const json::Document& document, const json::Value* schema);

/// The same for the file of pack `name`, as text. A missing file stands for {}.
Result<std::string> read_configuration(const Disk& disk, const std::string& home, std::string_view name,
                                       const json::Value* schema);

}  // namespace cowork::loaders
