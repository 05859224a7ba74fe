// How the admin policy and its verdicts look to people.
#pragma once

#include <string>
#include <vector>

#include "cowork/base/json.h"
#include "table.h"
#include "terminal.h"

namespace cowork::cli {

/// The layers of `admin:policiesStatus`: name, state, revision, file.
Table layer_table(const json::Value& status);

/// One line a value of `policy`; where each stands, from `status`, unless that is null.
Table value_table(const json::Value& policy, const json::Value& status);

/// One line a change between two policy documents: "packs.blocked: +x", "general.orgName: Acme -> Apex".
std::vector<std::string> changes_between(const json::Value& before, const json::Value& after);

/// An entry that matches no known pack, with the nearest one.
std::string unmatched_words(const json::Value& entry);

/// The answer of `admin:explain`.
std::string explanation(const json::Value& answer, const Styler& styler, std::size_t width);

/// One side of a pack in `admin:simulate`: "permitted", "required", or why it is not permitted.
std::string standing_words(const json::Value& side);

/// One of the loosenings of `admin:simulate`: "packs.blocked: -x", "general.allowGitInstall: false -> true".
std::string loosening_words(const json::Value& loosening);

}  // namespace cowork::cli
