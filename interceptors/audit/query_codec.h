// How `audit:query` looks in JSON (SPEC §7).
#pragma once

#include "cowork/audit/audit_operations.h"
#include "cowork/host/codec.h"

namespace cowork::audit {

Codec<QueryAudit> query_codec();

}  // namespace cowork::audit
