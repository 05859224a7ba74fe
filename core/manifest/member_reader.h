// Reads manifest objects by tables: a member's name, whether it has to be there, and how it is read.
#pragma once

#include <algorithm>
#include <bitset>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/json_tape.h"
#include "cowork/manifest/manifest.h"

namespace cowork::manifest {

/// A value of the document and the way to it, which is spelt out only where a message needs it. Lives on the stack of
/// whoever reads, below its parent.
class Node {
 public:
  explicit Node(json::Element root) : value_(root) {}
  Node(json::Element value, const Node& parent, std::string_view key) : value_(value), parent_(&parent), key_(key) {}
  Node(json::Element value, const Node& parent, std::size_t index)
      : value_(value), parent_(&parent), index_(index), is_item_(true) {}

  json::Element value() const noexcept { return value_; }
  /// Of the member that this is, or that this is an item of.
  std::string_view name() const noexcept { return is_item_ ? parent_->name() : key_; }
  std::string pointer() const;

 private:
  json::Element value_;
  const Node* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool is_item_ = false;
};

/// What a string may hold. Control characters are those of C0 and C1, and DEL.
enum class Text : std::uint8_t {
  line,       ///< no control character
  name,       ///< the same, and not empty
  paragraphs  ///< of the control characters, tabs and line ends (LF or CR LF) only
};

/// What becomes of prompts: most of a manifest, and seldom wanted.
enum class LongText : std::uint8_t { kept, checked };

enum class Presence : std::uint8_t { required, optional };
enum class Unknown : std::uint8_t { remarked, free };

/// The document that is being read, and what there is to say about it.
class Reader {
 public:
  Reader(const json::Tape& document, LongText long_text) : document_(document), long_text_(long_text) {}

  SourcePlace place(const Node& node) const { return document_.place(node.value().offset(), node.pointer()); }
  tl::unexpected<Error> refuse(const Node& node, std::string message) const;
  /// "expected <what>, found a number"
  tl::unexpected<Error> expected(const Node& node, std::string_view what) const;
  tl::unexpected<Error> missing(const Node& object, std::string_view member) const;

  /// Good as long as the document.
  Result<std::string_view> text(const Node& node, Text rule) const;
  /// Empty where long text is only checked.
  Result<std::string_view> long_text(const Node& node) const;
  /// A path that is_path_inside_pack() accepts.
  Result<std::string_view> path(const Node& node) const;
  Result<bool> flag(const Node& node) const;
  Result<json::Element> object(const Node& node) const;
  Result<json::Element> array(const Node& node) const;
  /// The position of the string in `names`; "<what> must be one of ..." when it is none of them.
  Result<std::size_t> one_of(const Node& node, std::string_view what, const std::vector<std::string_view>& names) const;

  void remark(std::string code, std::string message, SourcePlace place);
  /// What is remarked from now on is dropped.
  bool has_remarked_enough() const noexcept;
  void unknown_field(const Node& object, const json::TapeMember& member, const std::vector<std::string>& known);
  std::vector<ManifestRemark> take_remarks() { return std::move(remarks_); }

 private:
  const json::Tape& document_;
  LongText long_text_;
  std::vector<ManifestRemark> remarks_;
};

template <class T>
struct Member {
  std::string_view name;
  Presence presence;
  Result<void> (*read)(Reader&, const Node&, T&);
};

/// Reads every member of `object` in the order of the text, then looks for the missing ones.
template <class T, std::size_t N>
Result<void> read_members(Reader& reader, const Node& object, const Member<T> (&table)[N], T& into,
                          Unknown unknown = Unknown::remarked) {
  COWORK_ASSIGN(const json::Element value, reader.object(object));
  std::bitset<N> seen;
  for (const json::TapeMember member : value.members()) {
    const std::string_view key = *member.key.as_string();
    const auto* rule = std::find_if(std::begin(table), std::end(table),
                                    [&](const Member<T>& candidate) { return candidate.name == key; });
    if (rule != std::end(table)) {
      seen.set(static_cast<std::size_t>(rule - table));
      COWORK_TRY(rule->read(reader, Node(member.value, object, key), into));
    } else if (unknown == Unknown::remarked) {
      std::vector<std::string> known;
      for (const Member<T>& candidate : table) known.emplace_back(candidate.name);
      reader.unknown_field(object, member, known);
    }
  }
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i].presence == Presence::required && !seen[i]) return reader.missing(object, table[i].name);
  }
  return {};
}

/// Reads an array whose items are read one by one into a new T each.
template <class T>
Result<void> read_items(Reader& reader, const Node& node, std::vector<T>& into,
                        Result<void> (*read)(Reader&, const Node&, T&)) {
  COWORK_ASSIGN(const json::Element array, reader.array(node));
  into.reserve(array.size());
  for (const json::Element item : array.items()) {
    const Node entry(item, node, into.size());
    COWORK_TRY(read(reader, entry, into.emplace_back()));
  }
  return {};
}

template <class T>
struct OwnerOf;
template <class Field, class Owner>
struct OwnerOf<Field Owner::*> {
  using type = Owner;
};
template <auto Field>
using Owner = typename OwnerOf<decltype(Field)>::type;

/// The usual ways to read a member, by the field that it goes to.
template <auto Field, Text Rule>
Result<void> text(Reader& reader, const Node& node, Owner<Field>& into) {
  COWORK_ASSIGN(into.*Field, reader.text(node, Rule));
  return {};
}

template <auto Field>
Result<void> long_text(Reader& reader, const Node& node, Owner<Field>& into) {
  COWORK_ASSIGN(into.*Field, reader.long_text(node));
  return {};
}

template <auto Field>
Result<void> flag(Reader& reader, const Node& node, Owner<Field>& into) {
  COWORK_ASSIGN(into.*Field, reader.flag(node));
  return {};
}

template <Text Rule>
Result<void> text_item(Reader& reader, const Node& node, std::string& into) {
  COWORK_ASSIGN(into, reader.text(node, Rule));
  return {};
}

template <auto Field, Text Rule>
Result<void> texts(Reader& reader, const Node& node, Owner<Field>& into) {
  return read_items(reader, node, into.*Field, &text_item<Rule>);
}

}  // namespace cowork::manifest
