// The machine's own files as a test's programs see them.
#pragma once

namespace cowork::test {

/// Gives this process, and the programs that it starts from now on, a view of /etc of its own, without /etc/cowork:
/// what is written there is seen by nobody else and gone with the process. True where it has one, which takes root and
/// a system that lets it mount.
///
/// Threads: the main thread, before there are others; those that it starts later share the view.
bool own_view_of_etc();

}  // namespace cowork::test
