#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "config/yaml.h"
#include "sync/formats/format.h"
#include "sync/source.h"
#include "sync/sources/files_store.h"
#include "sync/sources/secret_lookup.h"

namespace yimen::sync {

/// What to take from a folder: `read:` of an item.
struct FilesSpec {
    std::string pattern;        ///< of the names; files are read in the order of their names
    bool complete = false;      ///< each file holds every record: only the newest is read
    std::string marker;         ///< "{name}.ok": a file is taken when this one is there; empty: when it is stable
    bool markerCounts = false;  ///< the marker holds the number of records
    std::chrono::milliseconds stable{30'000};  ///< not changed for so long
    std::uint64_t maxFile = std::uint64_t{2} << 30U;
    FormatSpec format;
};

/// Files dropped into a folder. A file is taken once, by content: the same bytes under another name are passed over, a
/// file that was changed is read again. An interrupted read goes on behind the last row of the same content. A file
/// whose marker counts other records than it has becomes one dead letter (rule "file") and is left until it changes;
/// one that cannot be read as declared stops the item. `clock` outlives the source.
std::unique_ptr<Source> makeFilesSource(FilesSpec spec, std::shared_ptr<FileStore> store, const core::Clock& clock);

/// Makes the store of a `source.server` (FTP, SFTP); errors with file:line:column.
using RemoteStores = std::function<core::Result<std::shared_ptr<FileStore>>(const config::YamlNode& server,
                                                                            const SecretLookup& secrets)>;
/// The same from a data.yaml: `folder` of this machine, or `server`.
core::Result<std::unique_ptr<Source>> readFilesSource(const config::YamlNode& source, const config::YamlNode& read,
                                                      const SecretLookup& secrets, const RemoteStores& remote,
                                                      const core::Clock& clock);

}  // namespace yimen::sync
