#include "cowork/audit/audit.h"

#include "audit_interceptor.h"
#include "cowork/audit/audit_operations.h"
#include "query.h"
#include "query_codec.h"

namespace cowork::audit {
namespace {

Result<QueryAudit::Reply> answer(const Trail& trail, const QueryAudit& query) {
  COWORK_ASSIGN(const TrailContents contents, trail.read());
  QueryAudit::Reply reply;
  reply.lines = select_lines(contents.files, query);
  if (!query.verify) return reply;
  reply.first_bad = trail.verify(contents).first_bad;
  reply.verified = !reply.first_bad;
  return reply;
}

class StandardAudit final : public Audit {
 public:
  explicit StandardAudit(Options options)
      : trail_(std::make_shared<Trail>(
            TrailOptions{options.disk, std::move(options.path), options.max_bytes, options.max_files})),
        interceptor_(std::make_shared<AuditInterceptor>(trail_, std::move(options.clock), options.reads)) {}

  std::shared_ptr<Interceptor> interceptor() override { return interceptor_; }

  void register_operations(HostBuilder& builder) override {
    builder.operation<QueryAudit>(
        [trail = trail_](HostCore&, Admitted<QueryAudit>& admitted) { return answer(*trail, admitted.request()); },
        query_codec());
  }

 private:
  std::shared_ptr<Trail> trail_;
  std::shared_ptr<Interceptor> interceptor_;
};

}  // namespace

std::shared_ptr<Audit> Audit::make(Options options) {
  return std::make_shared<StandardAudit>(std::move(options));
}

}  // namespace cowork::audit
