#include "query_codec.h"

#include "cowork/operation/parameters.h"

namespace cowork::audit {
namespace {

Result<QueryAudit> read_options(const json::Value& options) {
  QueryAudit query;
  Parameters p(options, {"since", "operation", "subject", "verdict", "limit", "verify"});
  query.since = p.optional_string("since");
  query.only_operation = p.optional_string("operation");
  query.only_subject = p.optional_string("subject");
  query.only_verdict = p.optional_string("verdict");
  const std::optional<std::int64_t> limit = p.optional_integer("limit");
  query.verify = p.optional_boolean("verify", true);
  COWORK_TRY(p.finish());
  // What is below 1 becomes 0, which validate() refuses.
  if (limit) query.limit = *limit > 0 ? static_cast<std::size_t>(*limit) : 0;
  return query;
}

Result<QueryAudit> read_query(const json::Value& params) {
  Parameters p(params, {"options"});
  const json::Value* options = p.optional_object("options");
  COWORK_TRY(p.finish());
  return options != nullptr ? read_options(*options) : QueryAudit{};
}

json::Value write_reply(const QueryAudit::Reply& reply) {
  json::Value value = json::Value::object({{"lines", json::Array(reply.lines)}, {"verified", reply.verified}});
  if (const auto& bad = reply.first_bad) {
    value.set("firstBad", json::Value::object({{"file", bad->file}, {"line", bad->line}, {"reason", bad->reason}}));
  }
  return value;
}

}  // namespace

Codec<QueryAudit> query_codec() {
  return {read_query,
          write_reply,
          {"Lines of the audit trail, and whether its chain of hashes holds.",
           {{"options", "object {since?, operation?, subject?, verdict?, limit?}", false, "the newest limit lines"}},
           "{lines, verified, firstBad?: {file, line, reason}}"}};
}

}  // namespace cowork::audit
