#include "support/machine_view.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "support/temporary_directory.h"

namespace cowork::test {
namespace {

bool cover_etc() {
  if (::geteuid() != 0 || ::unshare(CLONE_NEWNS) != 0) return false;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  const TemporaryDirectory base;
  // The upper layer of an overlay can't lie on another overlay, which a container's /tmp may be.
  if (::mount("tmpfs", base.path().c_str(), "tmpfs", 0, "mode=0755") != 0) return false;
  base.make_directory("upper");
  base.make_directory("work");
  const std::string layers = "lowerdir=/etc,upperdir=" + base.path("upper") + ",workdir=" + base.path("work");
  const bool covered = ::mount("overlay", "/etc", "overlay", 0, layers.c_str()) == 0;
  ::umount2(base.path().c_str(), MNT_DETACH);
  if (covered) std::filesystem::remove_all("/etc/cowork");
  return covered;
}

}  // namespace

bool own_view_of_etc() {
  static const bool covered = cover_etc();
  return covered;
}

}  // namespace cowork::test
