#include "http/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "core/ascii.h"
#include "core/bytes.h"
#include "core/file.h"
#include "core/log.h"
#include "crypto/digest.h"

namespace yimen::http {
namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using core::makeError;

struct ContentType {
    std::string_view extension;
    std::string_view type;
};

constexpr std::array<ContentType, 20> kContentTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".webp", "image/webp"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".wasm", "application/wasm"},
    {".pdf", "application/pdf"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
}};

std::string_view contentTypeOf(std::string_view path) {
    for (const ContentType& known : kContentTypes) {
        if (path.ends_with(known.extension)) return known.type;
    }
    return "application/octet-stream";
}

/// "app-3f9c2b1a.js", "index.Dk3vX_9q.css": a bundler's content hash of at least eight characters with a digit or an
/// upper-case letter, between the name and the extension.
bool hasHash(std::string_view path) {
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::size_t dot = file.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view stem = file.substr(0, dot);
    constexpr std::size_t kHashLength = 8;
    if (stem.size() < kHashLength + 2) return false;
    const char separator = stem[stem.size() - kHashLength - 1];
    if (separator != '-' && separator != '.') return false;
    const std::string_view hash = stem.substr(stem.size() - kHashLength);
    const bool word = std::all_of(hash.begin(), hash.end(),
                                  [](char c) { return core::isAlpha(c) || core::isDigit(c) || c == '_' || c == '-'; });
    return word && std::any_of(hash.begin(), hash.end(), [](char c) { return !core::isAlpha(c) || c <= 'Z'; });
}

/// True when `field` lists `coding` with a q other than 0 (RFC 9110 section 12.5.3).
bool acceptsCoding(std::string_view field, std::string_view coding) {
    while (!field.empty()) {
        const std::size_t comma = field.find(',');
        const std::string_view element = field.substr(0, comma);
        field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
        const std::size_t semicolon = element.find(';');
        if (!core::equalIgnoreCase(core::trim(element.substr(0, semicolon)), coding)) continue;
        if (semicolon == std::string_view::npos) return true;
        const std::string_view quality = core::trim(element.substr(semicolon + 1));
        return quality.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

/// RFC 9110 section 13.1.2, weak comparison.
bool matchesEtag(std::string_view field, std::string_view etag) {
    if (core::trim(field) == "*") return true;
    while (!field.empty()) {
        const std::size_t comma = field.find(',');
        std::string_view candidate = core::trim(field.substr(0, comma));
        if (candidate.starts_with("W/")) candidate.remove_prefix(2);
        if (candidate == etag) return true;
        field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
    }
    return false;
}

bool isPlainName(std::string_view path) {
    if (path.empty() || path.find("//") != std::string_view::npos) return false;
    if (path.front() == '.' || path.find("/.") != std::string_view::npos) return false;
    return std::all_of(path.begin(), path.end(), [](char c) {
        return core::isAlpha(c) || core::isDigit(c) || std::string_view("/._-@+~").find(c) != std::string_view::npos;
    });
}

}  // namespace

/// Fills a StaticFiles; lives for the length of load().
class StaticLoader {
public:
    StaticLoader(fs::path root, const StaticFilesOptions& options) : root_(std::move(root)), options_(options) {}

    core::Result<std::shared_ptr<const StaticFiles>> load() {
        std::error_code failed;
        const fs::path base = fs::canonical(root_, failed);
        if (failed || !fs::is_directory(base))
            return makeError(ErrorCode::kNotFound, root_.string() + ": no such folder");
        auto files = std::make_shared<StaticFiles>();
        files->options_ = options_;
        for (const auto& entry : fs::recursive_directory_iterator(base, failed)) {
            if (entry.is_directory()) continue;
            const std::string name = entry.path().lexically_relative(base).generic_string();
            const fs::path target = fs::canonical(entry.path(), failed);
            const bool inside =
                !failed && target.string().starts_with(base.string() + "/") && fs::is_regular_file(target);
            if (!inside || !isPlainName(name)) {
                core::logWarn("http.static.skipped", {{"file", name}});
                continue;
            }
            YIMEN_TRY(auto bytes, read(target, name));
            place(*files, name, std::move(bytes));
        }
        std::erase_if(files->files_, [](const auto& file) { return file.second.plain.bytes == nullptr; });
        if (!options_.spaIndex.empty() && !files->files_.contains(options_.spaIndex)) {
            return makeError(ErrorCode::kNotFound, root_.string() + ": has no " + options_.spaIndex);
        }
        return std::shared_ptr<const StaticFiles>(std::move(files));
    }

private:
    core::Result<std::string> read(const fs::path& path, const std::string& name) {
        YIMEN_TRY(std::string bytes, core::readFile(path.string(), options_.maxFileBytes));
        total_ += bytes.size();
        if (total_ > options_.maxTotalBytes) return makeError(ErrorCode::kTooLarge, name + ": above maxTotalBytes");
        return bytes;
    }

    static StaticFiles::Form formOf(std::string bytes, std::string_view suffix) {
        const core::Bytes sum = crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(bytes));
        StaticFiles::Form form;
        form.etag = "\"" + core::toBase64Url(core::ByteView(sum).first(15)) + std::string(suffix) + "\"";
        form.bytes = std::make_shared<const std::string>(std::move(bytes));
        return form;
    }

    static void place(StaticFiles& files, const std::string& name, std::string bytes) {
        if (name.ends_with(".br")) {
            files.files_[name.substr(0, name.size() - 3)].brotli = formOf(std::move(bytes), "-br");
        } else if (name.ends_with(".gz")) {
            files.files_[name.substr(0, name.size() - 3)].gzip = formOf(std::move(bytes), "-gz");
        } else {
            StaticFiles::File& file = files.files_[name];
            file.contentType = contentTypeOf(name);
            file.immutable = hasHash(name);
            file.plain = formOf(std::move(bytes), "");
        }
    }

    fs::path root_;
    const StaticFilesOptions& options_;
    std::size_t total_ = 0;
};

core::Result<std::shared_ptr<const StaticFiles>> StaticFiles::load(const std::string& folder,
                                                                   const StaticFilesOptions& options) {
    try {
        return StaticLoader(folder, options).load();
    } catch (const std::exception& error) {  // std::filesystem throws where it takes no error_code
        return makeError(ErrorCode::kUnavailable, folder + ": cannot be read", error.what());
    }
}

const StaticFiles::File* StaticFiles::find(std::string_view path) const {
    if (!path.starts_with(options_.prefix)) return nullptr;
    path.remove_prefix(options_.prefix.size());
    if (const auto file = files_.find(path); file != files_.end()) return &file->second;
    const std::string_view last = path.substr(path.rfind('/') + 1);
    // A missing script must not come back as a page.
    if (options_.spaIndex.empty() || last.find('.') != std::string_view::npos) return nullptr;
    const auto index = files_.find(options_.spaIndex);
    return index == files_.end() ? nullptr : &index->second;
}

Response StaticFiles::answer(const File& file, const Request& request) {
    const std::string_view accepted = request.headers.first("Accept-Encoding");
    const Form* form = &file.plain;
    const char* coding = nullptr;
    if (file.brotli && acceptsCoding(accepted, "br")) {
        form = &*file.brotli;
        coding = "br";
    } else if (file.gzip && acceptsCoding(accepted, "gzip")) {
        form = &*file.gzip;
        coding = "gzip";
    }
    Response response;
    Headers& headers = response.headers;
    headers.add("ETag", form->etag);
    headers.add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.brotli || file.gzip) headers.add("Vary", "Accept-Encoding");
    if (matchesEtag(request.headers.first("If-None-Match"), form->etag)) {
        response.status = 304;
        return response;
    }
    headers.add("Content-Type", file.contentType);
    if (coding) headers.add("Content-Encoding", coding);
    response.shared = form->bytes;
    return response;
}

std::optional<Response> StaticFiles::serve(const Request& request) const {
    if (request.method != "GET" && !request.isHead()) return std::nullopt;
    const File* file = find(request.path);
    if (!file) return std::nullopt;
    return answer(*file, request);
}

}  // namespace yimen::http
