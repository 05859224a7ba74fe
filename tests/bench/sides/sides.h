// What is measured, and beside what. Each says in its source why its baseline is what the machine can do.
#pragma once

#include "figure.h"
#include "generated_packs.h"

namespace cowork::bench {

// Packs on the disk (discovery.cc, memory.cc)
Sides discovery(std::size_t packs, PackSize size);
/// Baseline: discovery of `fewer` ones.
Sides more_discovery(std::size_t packs, std::size_t fewer);
Sides opening(std::size_t packs, PackSize size);
/// `changed` manifests are another before each rescan.
Sides rescan(std::size_t packs, std::size_t changed);
/// Bytes a pack.
Sides private_memory(std::size_t packs, PackSize size);

// Questions to a host (questions.cc)
Sides list(std::size_t packs);
Sides list_after_change(std::size_t packs);
Sides list_to_json(std::size_t packs);
Sides get_pack(std::size_t packs);

// The chain and its policy (chain.cc, policy.cc)
/// The whole call; baseline: as many virtual calls.
Sides call_through(std::size_t interceptors);
/// One hop, of 64. `is_meant`: whether the interceptors apply to the operation.
Sides hop(bool is_meant);
Sides toggle_verdict(std::size_t ids);
Sides explained_toggle(std::size_t ids);
Sides policy_change(std::size_t ids);

// Native packs (native.cc, tool_call.cc)
Sides native_load();
Sides verified_native_load();
Sides tool_call();
Sides isolated_tool_call();
/// Ours is the peer, with a plugin that does what the tool does; baseline: dlopen of that plugin by hand. `program` is
/// one of peers/.
Sides peer_load(const std::string& program);

// Whole programs and the disk (command.cc, durable.cc)
/// On the corpus that COWORK_CORPUS names.
Sides command_list();
Sides command_list_of(std::size_t packs, PackSize size);
Sides durable_toggle();
Sides audit_line();

/// For the child of private_memory(): opens a host on a tier and tells this process's private bytes.
double private_bytes_with_host(const std::string& tier);

}  // namespace cowork::bench
