#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "http/message.h"

namespace yimen::http {

struct StaticFilesOptions {
    std::string prefix = "/";  ///< path under which the folder appears; ends in '/'
    /// File answered for paths without an extension below the prefix (the pages of a single-page application); "" for
    /// none.
    std::string spaIndex;
    std::size_t maxFileBytes = 16 * 1024 * 1024;
    std::size_t maxTotalBytes = 64 * 1024 * 1024;
};

/// A folder held in memory. Read once; a request never touches the disk, so there is nothing to traverse. Files beside
/// a name with .br and .gz appended are its compressed forms. Immutable, thread-safe; swap the whole to reload.
class StaticFiles {
public:
    /// kNotFound when there is no such folder, kTooLarge when a limit is passed (the message names it). Links that
    /// leave the folder, hidden files and names that are not plain are left out and logged.
    static core::Result<std::shared_ptr<const StaticFiles>> load(const std::string& folder,
                                                                 const StaticFilesOptions& options);

    /// The answer, or nothing when the folder has no such path. GET and HEAD only. Strong ETag, If-None-Match (304),
    /// Vary, Content-Type; names that carry a hash ("app-3f9c2b1a.js") are immutable for a year, others revalidate.
    std::optional<Response> serve(const Request& request) const;

    std::size_t fileCount() const noexcept { return files_.size(); }

private:
    struct Form {
        std::shared_ptr<const std::string> bytes;
        std::string etag;
    };
    struct File {
        std::string contentType;
        bool immutable = false;
        Form plain;
        std::optional<Form> brotli;
        std::optional<Form> gzip;
    };

    const File* find(std::string_view path) const;
    static Response answer(const File& file, const Request& request);

    std::map<std::string, File, std::less<>> files_;  ///< by path below the prefix
    StaticFilesOptions options_;
    friend class StaticLoader;
};

}  // namespace yimen::http
