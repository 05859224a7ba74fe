// Who is told of a host's events. Private to core/host.
//
// Threads: any. Nothing is held while one is told but that one's own mutex.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "cowork/host/services.h"

namespace cowork {

class Subscribers {
 public:
  Subscribers();

  /// Told until the handle goes; letting it go waits for a call that is under way on another thread.
  std::shared_ptr<void> add(std::function<void(const Event&)> listener);
  /// `failed(what)` for each that threw.
  void tell(const Event& event, const std::function<void(std::string_view what)>& failed);

 private:
  struct Listener;
  struct Listeners;
  std::shared_ptr<Listeners> listeners_;
};

}  // namespace cowork
