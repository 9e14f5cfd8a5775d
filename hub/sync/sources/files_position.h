#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/source.h"
#include "sync/sources/files_store.h"

namespace yimen::sync {

/// Where the reading of a folder stands: which files were dealt with, and how far the one at hand is. In JSON:
/// {"done":[[name,size,modified,hash],..],"file":..,"hash":..,"line":..}. A value.
struct FilesPosition {
    /// Files that are remembered; the oldest are forgotten first.
    static constexpr std::size_t kMaxRemembered = 2000;

    /// A file that was dealt with.
    struct Done {
        std::string name;
        std::uint64_t size = 0;
        std::int64_t modified = 0;
        std::string hash;
    };
    std::vector<Done> done;
    std::string file;
    std::string hash;
    std::uint64_t line = 0;

    /// kCorrupt for what is none; the empty text is the beginning.
    static core::Result<FilesPosition> parse(const Position& text);
    Position text() const;
    /// Dealt with, and not changed since.
    bool knows(const FileEntry& entry) const;
    bool knowsContent(const std::string& content) const;
    /// The file at hand is done.
    void finish(const FileEntry& entry);
};

}  // namespace yimen::sync
