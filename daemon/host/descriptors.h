#pragma once
/** How many files and sockets the process may have. */

namespace changtong::host {

/** As many as the system lets it: tcp and http take one a question. Where it refuses, the log says so. */
void raise_descriptor_limit();

}  // namespace changtong::host
