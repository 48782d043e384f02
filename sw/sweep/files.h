// Files of a sweep's folder, on which several processes and machines may work.
#pragma once

#include <string>

namespace vctoe::sweep {

/// A name in DIR/parts that nobody else uses: machine, process and a counter are in it.
std::string aside_name(const std::string& folder);
/// Writes `text` aside and renames it, so that `path` is never half there. Throws
/// sim::Error(kUser): "cannot write ...: No space left on device".
void write_aside(const std::string& folder, const std::string& path, const std::string& text);
/// The same beside the file itself, and on the disk when it returns.
void write_synced(const std::string& path, const std::string& text);
/// Gives a finished file its name, on the disk when it returns.
void rename_synced(const std::string& from, const std::string& to);
/// Whether there is such a process on this machine. One that has ended and that nobody waits for
/// does not live.
bool lives(int pid);
/// Removes what processes of this machine that are gone have left in DIR/parts.
void sweep_parts(const std::string& folder);

}  // namespace vctoe::sweep
