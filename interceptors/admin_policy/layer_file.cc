#include "layer_file.h"

#include "cowork/base/json_reader.h"
#include "cowork/base/sha256.h"
#include "cowork/base/text.h"
#include "parser.h"

namespace cowork::admin_policy {
namespace {

constexpr std::uint32_t user_mode = 0600;
constexpr std::uint32_t machine_mode = 0644;
constexpr std::uint32_t machine_directory_mode = 0755;
constexpr int most_attempts = 5;
/// Longer than the tick of any file system's clock: a file that is this young may change once more without a new time.
constexpr std::int64_t young_ms = 100;
constexpr std::chrono::milliseconds lock_wait{10'000};

std::string revision_of(std::string_view bytes) {
  return sha256_hex(bytes).substr(0, 16);
}

Error unusable(const std::string& path, std::string message) {
  return Error::invalid_policy(std::move(message), SourcePlace{path, 0, 0, {}});
}

}  // namespace

LayerFile::LayerFile(std::shared_ptr<Disk> disk, std::shared_ptr<Clock> clock, LayerKind kind, std::string path)
    : disk_(std::move(disk)),
      clock_(std::move(clock)),
      kind_(kind),
      path_(std::move(path)),
      layer_(Layer::absent(kind, path_)) {
  const std::size_t slash = path_.rfind('/');
  directory_ = slash == 0 || slash == std::string::npos ? "/" : path_.substr(0, slash);
  name_ = slash == std::string::npos ? path_ : path_.substr(slash + 1);
}

LayerFile::Look LayerFile::look() const {
  const auto directory = disk_->open(directory_);
  if (directory) return look_beneath(**directory);
  Look look;
  look.absent = directory.error().code() == ErrorCode::not_found;
  if (!look.absent) look.obstacle = directory.error().message();
  return look;
}

LayerFile::Look LayerFile::look_beneath(const Directory& directory) const {
  Look look;
  const auto status = directory.status(name_);
  if (status) {
    look.status = *status;
  } else {
    look.absent = status.error().code() == ErrorCode::not_found;
    if (!look.absent) look.obstacle = status.error().message();
  }
  if (kind_ != LayerKind::machine) return look;
  // A machine file that vanished counts as gone only where nobody but root could have taken it away.
  if (look.absent && !last_valid_) return look;
  const Trust place = disk_->trust_of_directory(directory_);
  const Trust file = look.absent ? place : trust_of(look.status, path_);
  if (place.trusted && file.trusted) return look;
  look.absent = false;
  look.obstacle = "the machine policy is not root's alone to write: " + (place.trusted ? file : place).reason;
  return look;
}

LayerFile::Reading LayerFile::read_once(Look before) const {
  Reading reading;
  reading.look = std::move(before);
  if (reading.look.absent) return reading;
  if (!reading.look.obstacle.empty()) {
    reading.error = unusable(path_, reading.look.obstacle);
    return reading;
  }
  const auto directory = disk_->open(directory_);
  if (!directory) {
    reading.error = unusable(path_, directory.error().message());
    return reading;
  }
  FileStatus status;
  auto bytes = (*directory)->read(name_, json::policy_limits.max_bytes, &status);
  if (!bytes) {
    reading.error = unusable(path_, bytes.error().message());
    return reading;
  }
  reading.bytes = std::move(*bytes);
  // Written in place meanwhile, it may be half of one version and half of the next.
  const Look after = look();
  reading.stable = status == reading.look.status && after == reading.look;
  if (!after.obstacle.empty()) reading.error = unusable(path_, after.obstacle);
  return reading;
}

LayerFile::Reading LayerFile::read_stable() const {
  Reading reading = read_once(look());
  for (int attempt = 1; !reading.stable && attempt < most_attempts; ++attempt) reading = read_once(look());
  if (!reading.stable && !reading.error) reading.error = unusable(path_, "the file changes while it is read");
  return reading;
}

bool LayerFile::refresh() {
  if (!read_again_ && look() == seen_) return false;
  Reading reading = read_stable();
  // What can't be read once may be readable the next time, with nothing in the status to tell.
  read_again_ = reading.error || may_still_change_unseen(reading.look);
  const bool keeps_changing = !reading.stable && !signature_.empty();
  return !keeps_changing && take(std::move(reading));
}

bool LayerFile::may_still_change_unseen(const Look& look) const {
  if (look.absent) return false;
  const std::int64_t age_ms = clock_->system_ms() - look.status.modified_ns / 1'000'000;
  return age_ms > -young_ms && age_ms < young_ms;
}

bool LayerFile::take(Reading reading) {
  std::string revision = reading.look.absent ? "absent" : reading.error ? "unreadable" : revision_of(reading.bytes);
  std::string signature = reading.error ? "error:" + reading.error->message() : "bytes:" + revision;
  seen_ = reading.look;
  if (signature == signature_) return false;
  signature_ = std::move(signature);
  layer_ = layer_from(std::move(reading), std::move(revision));
  return true;
}

std::shared_ptr<const Layer> LayerFile::layer_from(Reading reading, std::string revision) {
  if (reading.error) return invalid(std::move(revision), {*reading.error});
  if (reading.look.absent) return Layer::absent(kind_, path_);
  return layer_from_bytes(std::move(reading.bytes), std::move(revision));
}

std::shared_ptr<const Layer> LayerFile::layer_from_bytes(std::string bytes, std::string revision) {
  auto parsed = parse_policy(std::move(bytes), path_);
  if (!parsed) return invalid(std::move(revision), std::move(parsed.error()));
  last_valid_ = std::make_shared<const PolicyDocument>(std::move(*parsed));
  if (kind_ == LayerKind::user) keep_copy(*last_valid_->text);
  return Layer::valid(kind_, path_, std::move(revision), last_valid_);
}

std::shared_ptr<const Layer> LayerFile::invalid(std::string revision, std::vector<Error> errors) {
  return Layer::invalid(kind_, path_, std::move(revision), std::move(errors), last_good());
}

/// The copy on the disk may be newer than what this process saw; where it could not be written, memory is.
std::shared_ptr<const PolicyDocument> LayerFile::last_good() const {
  const bool memory_is_newest = last_valid_ && copy_failed_;
  if (kind_ == LayerKind::machine || memory_is_newest) return last_valid_;
  const auto directory = disk_->open(directory_);
  if (!directory) return last_valid_;
  auto bytes = (*directory)->read(copy_name(), json::policy_limits.max_bytes);
  if (!bytes) return last_valid_;
  auto parsed = parse_policy(std::move(*bytes), path_ + ".last-good");
  if (!parsed) return last_valid_;
  return std::make_shared<const PolicyDocument>(std::move(*parsed));
}

/// Failing is no error: a home may be read-only. This process then still has its last good content.
void LayerFile::keep_copy(const std::string& bytes) {
  const auto directory = disk_->open(directory_);
  copy_failed_ = !directory;
  if (!directory) return;
  // Where the size is another one it need not be read.
  const auto status = (*directory)->status(copy_name());
  if (status && status->size == bytes.size()) {
    const auto present = (*directory)->read(copy_name(), json::policy_limits.max_bytes);
    if (present && *present == bytes) return;
  }
  copy_failed_ = !(*directory)->replace(copy_name(), bytes, user_mode);
}

Result<std::shared_ptr<Directory>> LayerFile::directory_for_writing() {
  if (kind_ == LayerKind::user) return disk_->open_or_make(directory_, 0700);
  auto directory = disk_->open(directory_);
  if (!directory && directory.error().code() == ErrorCode::not_found) {
    // Not open_or_make(): everybody has to be able to read what governs the machine.
    const std::size_t slash = directory_.rfind('/');
    COWORK_ASSIGN(const auto parent, disk_->open(slash == 0 ? "/" : directory_.substr(0, slash)));
    COWORK_TRY(parent->make_directory(directory_.substr(slash + 1), machine_directory_mode));
    directory = disk_->open(directory_);
  }
  if (!directory) return directory;
  const Trust trust = disk_->trust_of_directory(directory_);
  if (trust.trusted) return directory;
  return fail(Error::io("the machine policy can't be written to " + quoted(directory_))
                  .with_why("a machine policy counts only in a directory that is root's alone: " + trust.reason));
}

Result<void> LayerFile::write(std::string_view text, std::string_view expected) {
  COWORK_ASSIGN(const auto directory, directory_for_writing());
  std::unique_ptr<FileLock> lock;
  // The home's mutation lock covers the user layer; hosts on other homes write this file too.
  if (kind_ == LayerKind::machine) {
    COWORK_ASSIGN(lock, directory->lock(name_ + ".lock", lock_wait));
  }
  refresh();
  if (layer_->revision() != expected)
    return fail(Error::conflict("the " + std::string(to_string(kind_)) + " policy changed while it was being updated")
                    .with_why(path_ + " now has the revision " + layer_->revision())
                    .with_remedy("make the change again"));
  auto written = directory->replace(name_, text, kind_ == LayerKind::machine ? machine_mode : user_mode);
  if (!written) return fail(std::move(written).error());
  read_again_ = true;
  refresh();
  return {};
}

}  // namespace cowork::admin_policy
