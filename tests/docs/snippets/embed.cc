// README.md: a whole program around the standard host.
// [embed]
#include <iostream>

#include "cowork/assembly/standard_host.h"

int failed(const cowork::Error& error) {
  std::cerr << error.message() << "\n  why: " << error.why() << "\n  try: " << error.remedy() << '\n';
  return cowork::exit_status(error.code());
}

int main() {
  auto host = cowork::start_standard_host({});  // this user's packs and policy, in ~/.cowork
  if (!host) return failed(host.error());
  const auto changed = host->toggle("devops", false);  // through the whole chain
  if (!changed) return failed(changed.error());
  const auto packs = host->list();
  if (!packs) return failed(packs.error());
  for (const cowork::Pack pack : *packs) {
    std::cout << pack.name() << ": " << to_string(pack.state()) << '\n';
  }
}
// [/embed]
