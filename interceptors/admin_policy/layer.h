// One layer of the policy: a file, the state it is in, and the document that is in force from it (SPEC §6, "Layers" and
// "States of a layer").
//
// Threads: immutable once made. Ownership: shared by every EffectivePolicy that was merged from it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cowork/base/error.h"
#include "document.h"

namespace cowork::admin_policy {

/// From the highest: a lower layer only tightens.
enum class LayerKind : std::uint8_t { machine, user };
std::string_view to_string(LayerKind kind) noexcept;

enum class LayerState : std::uint8_t {
  absent,     ///< the file does not exist: permissive
  valid,      ///< the file is in force
  last_good,  ///< the file can't be used; the last valid content is in force
  broken,     ///< the file can't be used and there is no last good: closed
};
std::string_view to_string(LayerState state) noexcept;

class Layer {
 public:
  static std::shared_ptr<const Layer> absent(LayerKind kind, std::string path);
  static std::shared_ptr<const Layer> valid(LayerKind kind, std::string path, std::string revision,
                                            std::shared_ptr<const PolicyDocument> document);
  /// `document` is what was valid last; null makes the layer `broken`. `errors` say what is wrong with the file now.
  static std::shared_ptr<const Layer> invalid(LayerKind kind, std::string path, std::string revision,
                                              std::vector<Error> errors,
                                              std::shared_ptr<const PolicyDocument> document);

  LayerKind kind() const noexcept { return kind_; }
  std::string_view name() const noexcept { return to_string(kind_); }
  const std::string& path() const noexcept { return path_; }
  LayerState state() const noexcept { return state_; }
  bool is_broken() const noexcept { return state_ == LayerState::broken; }
  /// Of the file's bytes as they are now; "absent", or "unreadable" where they can't be had.
  const std::string& revision() const noexcept { return revision_; }
  /// What is in force; null while absent or broken.
  const PolicyDocument* document() const noexcept { return document_.get(); }
  const std::shared_ptr<const PolicyDocument>& document_ptr() const noexcept { return document_; }
  /// Empty unless last_good or broken.
  const std::vector<Error>& errors() const noexcept { return errors_; }

  /// The first entry with this id in a list that is in force; null when there is none. A hash lookup.
  const Entry* find(List list, const HashedText& id) const noexcept {
    return document_ ? document_->list(list).find(id) : nullptr;
  }
  const Entry* find(List list, std::string_view id) const noexcept { return find(list, HashedText(id)); }
  bool has_entries(List list) const noexcept { return document_ && !document_->list(list).entries.empty(); }
  /// Of an entry that find() gave.
  std::size_t position(List list, const Entry& entry) const noexcept;

 private:
  Layer(LayerKind kind, std::string path, LayerState state, std::string revision);

  LayerKind kind_;
  std::string path_;
  LayerState state_;
  std::string revision_;
  std::vector<Error> errors_;
  std::shared_ptr<const PolicyDocument> document_;
};

}  // namespace cowork::admin_policy
