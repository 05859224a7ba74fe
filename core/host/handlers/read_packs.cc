#include "../handlers.h"

namespace cowork::handlers {

Result<PackList> list_packs(HostImpl& host, Admitted<ListPacks>& admitted) {
  return PackList(host.table_of(admitted.snapshot()));
}

Result<std::optional<Pack>> get_pack(HostImpl& host, Admitted<GetPack>& admitted) {
  const auto index = admitted.snapshot().catalog().resolve(admitted.request().name);
  if (!index) return std::optional<Pack>();
  return std::optional<Pack>(std::in_place, host.table_of(admitted.snapshot()), *index);
}

}  // namespace cowork::handlers
