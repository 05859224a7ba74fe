#include "cowork/loaders/pack_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "cowork/base/text.h"

namespace cowork::loaders {

ErrorCode public_code(std::string_view word) noexcept {
  constexpr ErrorCode codes[] = {ErrorCode::invalid_argument, ErrorCode::not_found,      ErrorCode::io,
                                 ErrorCode::network,          ErrorCode::timeout,        ErrorCode::cancelled,
                                 ErrorCode::conflict,         ErrorCode::already_exists, ErrorCode::integrity};
  const auto* found =
      std::find_if(std::begin(codes), std::end(codes), [&](ErrorCode code) { return to_string(code) == word; });
  return found == std::end(codes) ? ErrorCode::internal : *found;
}

namespace {

/// The first ones of `names`, which a pack may bring many of.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  if (names.empty()) return "it has no tools";
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) text += (i > 0 ? ", " : "") + quoted(names[i]);
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return "its tools are " + text;
}

}  // namespace

Result<void> check_tool_known(const PackDescription& description, std::string_view tool, std::string_view pack) {
  const auto& tools = description.tools;
  if (std::any_of(tools.begin(), tools.end(), [&](const NativeTool& known) { return known.name == tool; })) return {};
  std::vector<std::string> names;
  for (const NativeTool& known : tools) names.push_back(known.name);
  Error error = Error::not_found(fmt::format("pack {} has no tool {}", quoted(pack), quoted(tool)));
  error.with_why(listed(names));
  const auto near = nearest(tool, names);
  if (!near.empty()) error.with_remedy("did you mean " + near.front());
  return fail(std::move(error));
}

}  // namespace cowork::loaders
