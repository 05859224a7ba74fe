// One layer's file on the disk: looked at, read when it changed, written durably. Keeps the last good content (SPEC §6,
// "States of a layer"): the user layer's beside the file, the machine layer's in memory only.
//
// Threads: one at a time. Ownership: the PolicyStore's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cowork/ports/clock.h"
#include "cowork/ports/disk.h"
#include "layer.h"

namespace cowork::admin_policy {

class LayerFile {
 public:
  /// Reads nothing yet: the layer is `absent` until the first refresh().
  LayerFile(std::shared_ptr<Disk> disk, std::shared_ptr<Clock> clock, LayerKind kind, std::string path);

  /// One stat; reads when what it says is new. True when layer() is another one. Never fails: see Layer::errors().
  bool refresh();
  const std::shared_ptr<const Layer>& layer() const noexcept { return layer_; }

  /// Puts `text` into the file, durably and atomically, when the file still has the revision `expected`, then takes it
  /// in. Errors: conflict, io (a machine directory that is not root's alone, too), invalid-argument (a link of that
  /// name); the file then holds what it held.
  Result<void> write(std::string_view text, std::string_view expected);

 private:
  /// What a stat tells: equal looks mean an unchanged file.
  struct Look {
    bool absent = false;
    FileStatus status;
    std::string obstacle;  ///< why the file can't be relied on, or even be looked at

    bool operator==(const Look&) const = default;
  };
  struct Reading {
    Look look;
    std::string bytes;
    std::optional<Error> error;
    bool stable = true;
  };

  Look look() const;
  Look look_beneath(const Directory& directory) const;
  Reading read_once(Look before) const;
  Reading read_stable() const;
  bool take(Reading reading);
  std::shared_ptr<const Layer> layer_from(Reading reading, std::string revision);
  std::shared_ptr<const Layer> layer_from_bytes(std::string bytes, std::string revision);
  std::shared_ptr<const Layer> invalid(std::string revision, std::vector<Error> errors);
  std::shared_ptr<const PolicyDocument> last_good() const;
  void keep_copy(const std::string& bytes);
  bool may_still_change_unseen(const Look& look) const;
  Result<std::shared_ptr<Directory>> directory_for_writing();
  std::string copy_name() const { return name_ + ".last-good"; }

  std::shared_ptr<Disk> disk_;
  std::shared_ptr<Clock> clock_;
  LayerKind kind_;
  std::string directory_;
  std::string name_;
  std::string path_;
  std::shared_ptr<const Layer> layer_;
  std::shared_ptr<const PolicyDocument> last_valid_;
  std::string signature_;  ///< of the reading that layer_ was made from
  Look seen_;
  bool read_again_ = true;  ///< the next look alone can't tell whether something changed
  bool copy_failed_ = false;
};

}  // namespace cowork::admin_policy
