#include "audit/segments.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "core/json.h"

namespace yimen::audit {

namespace {

constexpr std::string_view kPrefix = "audit-";
constexpr std::string_view kSuffix = ".jsonl";
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::string_view kMacMark = ",\"mac\":\"";
constexpr std::size_t kHeadBytes = 384;  ///< fixed, so that rewriting in place never moves the end

template <typename T>
std::optional<T> readNumber(std::string_view text) {
    T value{};
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string fieldOf(const AuditEvent& event, std::string_view name) {
    for (const auto& [key, value] : event.fields) {
        if (key == name) return value;
    }
    return {};
}

core::Error badHead() {
    return core::makeError(core::ErrorCode::kCorrupt, "audit.head was changed or damaged");
}

core::Result<Head> parseHead(std::string_view text) {
    YIMEN_TRY(const auto json, core::parseJson(text, 2));
    const core::JsonReader reader(json);
    YIMEN_TRY(const auto seq, reader.integer("seq"));
    YIMEN_TRY(const auto segment, reader.integer("segment"));
    YIMEN_TRY(const auto key, reader.integer("key"));
    YIMEN_TRY(const auto algorithm, reader.text("algorithm"));
    YIMEN_TRY(const auto hash, reader.text("hash"));
    const auto known = crypto::digestFromName(algorithm);
    if (!known || seq < 0 || segment < 0 || key < 0) return badHead();
    return Head{{static_cast<std::uint64_t>(seq), hash},
                static_cast<std::uint64_t>(segment),
                {*known, static_cast<std::uint32_t>(key)}};
}

}  // namespace

std::string segmentPath(const std::string& directory, std::uint64_t number) {
    std::string digits = std::to_string(number);
    digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
    return directory + "/" + std::string(kPrefix) + digits + std::string(kSuffix);
}

std::string headPath(const std::string& directory) {
    return directory + "/audit.head";
}

core::Result<std::vector<std::uint64_t>> listSegments(const std::string& directory) {
    std::error_code failure;
    std::vector<std::uint64_t> out;
    for (std::filesystem::directory_iterator it(directory, failure), end; !failure && it != end;
         it.increment(failure)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
        const auto digits =
            std::string_view(name).substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
        const auto number = readNumber<std::uint64_t>(digits);
        if (number && segmentPath(directory, *number).ends_with(name)) out.push_back(*number);
    }
    if (failure) return core::fileError("cannot list", directory, failure.value());
    std::sort(out.begin(), out.end());
    return out;
}

AuditEvent segmentEvent(std::uint64_t number, const SegmentKind& kind) {
    AuditEvent event;
    event.type = kSegmentType;
    event.fields = {{"segment", std::to_string(number)},
                    {"algorithm", std::string(crypto::digestName(kind.algorithm))},
                    {"key", std::to_string(kind.keyId)}};
    return event;
}

std::optional<SegmentKind> segmentKind(const AuditRecord& first) {
    if (first.event.type != kSegmentType) return std::nullopt;
    const auto algorithm = crypto::digestFromName(fieldOf(first.event, "algorithm"));
    const auto key = readNumber<std::uint32_t>(fieldOf(first.event, "key"));
    if (!algorithm || crypto::digestSize(*algorithm) != 32 || !key) return std::nullopt;
    return SegmentKind{*algorithm, *key};
}

core::Result<ChainHash> chainHash(const SegmentKind& kind, const crypto::KeyRing* ring) {
    if (kind.keyId == 0) return ChainHash(kind.algorithm);
    if (ring == nullptr) {
        return core::makeError(core::ErrorCode::kNotFound,
                               "the audit log is keyed: the key ring is needed to check it");
    }
    YIMEN_TRY(const auto key, ring->derive(kind.keyId, "audit"));
    return ChainHash(kind.algorithm, key);
}

std::string formatHead(const Head& head, const crypto::KeyRing* ring) {
    std::string text = "{\"v\":1,\"seq\":" + std::to_string(head.state.seq) + ",\"hash\":\"" + head.state.hash +
                       "\",\"segment\":" + std::to_string(head.segment) + ",\"algorithm\":\"" +
                       std::string(crypto::digestName(head.kind.algorithm)) +
                       "\",\"key\":" + std::to_string(head.kind.keyId);
    const auto hash = chainHash(head.kind, ring);
    text += std::string(kMacMark) + (hash.ok() ? hash->of(text) : std::string(64, '0')) + "\"}";
    text.resize(kHeadBytes - 1, ' ');
    text += '\n';
    return text;
}

namespace {

core::Result<std::optional<Head>> readHeadOnce(const std::string& directory, const crypto::KeyRing* ring) {
    auto text = core::readFile(headPath(directory), kHeadBytes);
    if (!text.ok() && text.error().code == core::ErrorCode::kNotFound) return std::optional<Head>();
    if (!text.ok()) return badHead();
    const auto head = parseHead(*text);
    if (!head.ok()) return badHead();
    if (const auto hash = chainHash(head->kind, ring); !hash.ok()) return hash.error();
    if (formatHead(*head, ring) != *text) return badHead();
    return std::optional<Head>(*head);
}

}  // namespace

core::Result<std::optional<Head>> readHead(const std::string& directory, const crypto::KeyRing* ring) {
    constexpr int kTries = 3;  // the writer rewrites it in place: one reading may be half old, half new
    for (int i = 1; i < kTries; ++i) {
        auto head = readHeadOnce(directory, ring);
        if (head.ok()) return head;
    }
    return readHeadOnce(directory, ring);
}

core::Result<LineReader> LineReader::open(const std::string& path) {
    core::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return core::fileError("cannot open", path, errno);
    return LineReader(std::move(file));
}

core::Result<bool> LineReader::fill() {
    buffer_.erase(0, used_);
    used_ = 0;
    if (buffer_.size() > kMaxLineBytes) {
        return core::makeError(core::ErrorCode::kCorrupt,
                               "a line of the audit log is longer than any that was written");
    }
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kPieceBytes);
    ssize_t got = 0;
    do {
        got = ::read(file_.get(), buffer_.data() + before, kPieceBytes);
    } while (got < 0 && errno == EINTR);
    const int failure = errno;
    buffer_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(0, got)));
    if (got < 0) return core::fileError("cannot read", "the audit log", failure);
    return got > 0;
}

core::Result<bool> LineReader::next(std::string_view& line) {
    for (;;) {
        const auto end = buffer_.find('\n', used_);
        if (end != std::string::npos) {
            line = std::string_view(buffer_).substr(used_, end - used_);
            offset_ += end + 1 - used_;
            used_ = end + 1;
            ++lineNumber_;
            return true;
        }
        YIMEN_TRY(const bool more, fill());
        if (!more) return false;
    }
}

}  // namespace yimen::audit
