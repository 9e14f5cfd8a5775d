#include "sync/sources/files_source.h"

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "core/ascii.h"
#include "core/bytes.h"
#include "core/json.h"
#include "crypto/digest.h"
#include "sync/sources/files_position.h"

namespace yimen::sync {

namespace {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;

Status rewind(const core::FileDescriptor& file) {
    if (::lseek(file.get(), 0, SEEK_SET) == 0) return {};
    return makeError(ErrorCode::kUnavailable, "the file cannot be read again");
}

/// SHA-256 of the SHA-256 of each MiB, 32 hexadecimal digits of it: tells contents apart without holding them.
Result<std::string> contentHash(core::FileDescriptor& file) {
    constexpr std::size_t kPiece = std::size_t{1} << 20U;
    YIMEN_TRY_STATUS(rewind(file));
    FileBytes bytes(core::FileDescriptor(::dup(file.get())), "file");
    std::string piece(kPiece, '\0');
    core::Bytes all;
    while (true) {
        std::size_t filled = 0;
        while (filled < kPiece) {
            YIMEN_TRY(const std::size_t count, bytes.read({piece.data() + filled, kPiece - filled}));
            if (count == 0) break;
            filled += count;
        }
        const auto digest =
            crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(std::string_view(piece).substr(0, filled)));
        all.insert(all.end(), digest.begin(), digest.end());
        if (filled < kPiece) break;
    }
    YIMEN_TRY_STATUS(rewind(file));
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, all)).substr(0, 32);
}

std::string markerOf(const FilesSpec& spec, const std::string& name) {
    std::string marker = spec.marker;
    return marker.replace(marker.find("{name}"), 6, name);
}

/// Files that may be taken, in the order of their names.
Result<std::vector<FileEntry>> readyFiles(const FilesSpec& spec, FileStore& store, core::WallTime now) {
    YIMEN_TRY(const auto all, store.list());
    std::vector<FileEntry> ready;
    for (const FileEntry& entry : all) {
        if (!matchesPattern(entry.name, spec.pattern)) continue;
        if (spec.marker.empty()) {
            if (!entry.modified)
                return makeError(ErrorCode::kUpstream,
                                 "the server does not say when a file was changed: use ready.marker");
            if (now - *entry.modified < spec.stable) continue;
        } else {
            const std::string marker = markerOf(spec, entry.name);
            if (std::none_of(all.begin(), all.end(), [&](const FileEntry& other) { return other.name == marker; }))
                continue;
        }
        ready.push_back(entry);
    }
    std::sort(ready.begin(), ready.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    if (spec.complete && ready.size() > 1) ready.erase(ready.begin(), ready.end() - 1);
    return ready;
}

Result<OpenDocument> openFile(const FilesSpec& spec, const core::FileDescriptor& file, const std::string& name) {
    YIMEN_TRY_STATUS(rewind(file));
    return openDocument(spec.format, std::make_unique<FileBytes>(core::FileDescriptor(::dup(file.get())), name), name);
}

class FilesReader final : public Reader {
public:
    FilesReader(const FilesSpec& spec, std::shared_ptr<FileStore> store, std::vector<FileEntry> files,
                std::vector<std::string> columns, FilesPosition position)
        : spec_(spec),
          store_(std::move(store)),
          files_(std::move(files)),
          columns_(std::move(columns)),
          position_(std::move(position)) {}

    Result<ReadState> read(Batch& into) override {
        ReadState state;
        if (failure_) return *failure_;
        const Status filled = fill(into, state);
        if (!filled.ok()) {
            if (into.empty() && state.rejected.empty()) return filled.error();
            failure_ = filled.error();  // what was read before it is good, and is kept
        }
        state.position = position_.text();
        state.end = filled.ok() && next_ == files_.size() && !open_.records;
        return state;
    }

    void interrupt() noexcept override { store_->interrupt(); }

private:
    Status fill(Batch& into, ReadState& state) {
        while (!into.full()) {
            if (!open_.records) {
                if (next_ == files_.size()) return {};
                YIMEN_TRY_STATUS(start(state));
                continue;
            }
            Rows rows{into, state.rejected};
            const std::size_t before = into.rows();
            const std::size_t rejectedBefore = state.rejected.size();
            const auto more = open_.records->read(rows);
            skip(into, before, state, rejectedBefore);
            note(into, state);
            if (!more.ok()) return more.error();
            if (!*more) finish();
        }
        return {};
    }

    /// Opens the next file, unless its content is known already or it is not what its marker says.
    Status start(ReadState& state) {
        const FileEntry& entry = files_[next_];
        YIMEN_TRY(core::FileDescriptor file, store_->open(entry.name));
        YIMEN_TRY(const std::string hash, contentHash(file));
        const bool resumed = position_.file == entry.name && position_.hash == hash;
        skipTo_ = resumed ? position_.line : 0;
        position_.file = entry.name;
        position_.hash = hash;
        position_.line = skipTo_;
        if (position_.knowsContent(hash)) {
            finish();
            return {};
        }
        YIMEN_TRY(const std::string fault, markerFault(file, entry));
        if (!fault.empty()) {
            core::Json raw;
            raw["_file"] = entry.name;
            state.rejected.push_back({0, "file", "", fault, core::writeJson(raw)});
            finish();
            return {};
        }
        YIMEN_TRY(open_, openFile(spec_, file, entry.name));
        if (const auto bound = open_.records->bind(columns_, spec_.format.extra); !bound.ok()) {
            open_ = {};
            return bound.error();
        }
        return {};
    }

    /// What is wrong with the number of records; empty: nothing.
    Result<std::string> markerFault(const core::FileDescriptor& file, const FileEntry& entry) {
        if (!spec_.markerCounts) return std::string();
        const std::string marker = markerOf(spec_, entry.name);
        YIMEN_TRY(core::FileDescriptor markerFile, store_->open(marker));
        FileBytes bytes(std::move(markerFile), marker);
        YIMEN_TRY(const std::string said, readAllBytes(bytes, 4096));
        std::string digits;
        for (const char c : said) {
            if (core::isDigit(c)) digits += c;
        }
        YIMEN_TRY(OpenDocument document, openFile(spec_, file, entry.name));
        YIMEN_TRY_STATUS(document.records->bind(columns_, spec_.format.extra));
        std::uint64_t count = 0;
        Batch batch;
        for (bool more = true; more;) {
            batch.reset(columns_.size());
            std::vector<Reject> rejected;
            Rows rows{batch, rejected};
            YIMEN_TRY(more, document.records->read(rows));
            count += batch.rows() + rejected.size();
        }
        if (digits == std::to_string(count)) return std::string();
        return entry.name + ": the marker says " + (digits.empty() ? std::string("nothing") : digits.substr(0, 20)) +
               " records, the file has " + std::to_string(count) +
               "; nothing of it was taken: ask the supplier for it again";
    }

    /// Takes rows out again that were committed before an interruption.
    void skip(Batch& into, std::size_t before, ReadState& state, std::size_t rejectedBefore) {
        if (skipTo_ == 0) return;
        const auto old = [&](const Reject& reject) { return reject.origin <= skipTo_; };
        const auto first = state.rejected.begin() + static_cast<std::ptrdiff_t>(rejectedBefore);
        state.rejected.erase(std::remove_if(first, state.rejected.end(), old), state.rejected.end());
        if (into.rows() == before) return;
        if (into.origin(into.rows() - 1) <= skipTo_) {
            while (into.rows() > before) into.dropLastRow();
            return;
        }
        if (into.origin(before) > skipTo_) {
            skipTo_ = 0;
            return;
        }
        // The edge lies inside: the rows behind it are kept by way of a copy.
        Batch kept;
        kept.reset(into.columns());
        copyRows(into, 0, before, kept);
        std::size_t edge = before;
        while (into.origin(edge) <= skipTo_) ++edge;
        copyRows(into, edge, into.rows(), kept);
        std::swap(into, kept);
        skipTo_ = 0;
    }

    static void copyRows(const Batch& from, std::size_t first, std::size_t end, Batch& to) {
        for (std::size_t row = first; row < end; ++row) {
            const std::size_t copy = to.addRow(from.op(row), from.origin(row));
            for (std::size_t i = 0; i < from.columns(); ++i) {
                // What one batch held, another holds too.
                if (!from.isNull(row, i)) static_cast<void>(to.set(copy, i, from.text(row, i)));
            }
        }
    }

    void note(const Batch& into, const ReadState& state) {
        if (!into.empty()) position_.line = std::max(position_.line, into.origin(into.rows() - 1));
        if (!state.rejected.empty()) position_.line = std::max(position_.line, state.rejected.back().origin);
    }

    void finish() {
        position_.finish(files_[next_++]);
        skipTo_ = 0;
        open_ = {};
    }

    const FilesSpec& spec_;
    std::shared_ptr<FileStore> store_;
    std::vector<FileEntry> files_;
    std::vector<std::string> columns_;
    FilesPosition position_;
    std::size_t next_ = 0;
    OpenDocument open_;
    std::uint64_t skipTo_ = 0;
    std::optional<core::Error> failure_;
};

class FilesSource final : public Source {
public:
    FilesSource(FilesSpec spec, std::shared_ptr<FileStore> store, const core::Clock& clock)
        : spec_(std::move(spec)), store_(std::move(store)), clock_(clock) {}

    Result<std::vector<SourceField>> describe() override {
        const std::lock_guard lock(mutex_);
        if (!fields_.empty()) return fields_;
        for (const auto& name : spec_.format.names()) fields_.push_back({name, ""});
        if (!fields_.empty()) return fields_;
        YIMEN_TRY(const auto files, readyFiles(spec_, *store_, clock_.wall()));
        if (files.empty()) {
            return makeError(ErrorCode::kUnavailable,
                             "no file is ready, so the columns are not known: list them in `columns`, or wait");
        }
        YIMEN_TRY(const core::FileDescriptor file, store_->open(files.back().name));
        YIMEN_TRY(OpenDocument document, openFile(spec_, file, files.back().name));
        YIMEN_TRY(fields_, document.records->columns());
        return fields_;
    }

    Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{{"", ""}}; }

    Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode, Position from) override {
        YIMEN_TRY(const auto fields, describe());
        YIMEN_TRY(FilesPosition position, FilesPosition::parse(from));
        YIMEN_TRY(const auto ready, readyFiles(spec_, *store_, clock_.wall()));
        std::vector<std::string> columns = columnNames(fields);
        std::vector<FileEntry> files;
        for (const FileEntry& entry : ready) {
            if (entry.size > spec_.maxFile)
                return makeError(ErrorCode::kTooLarge, entry.name + " is larger than max_file");
            if (!position.knows(entry)) files.push_back(entry);
        }
        // The file a read stood in comes first, whatever came in meanwhile.
        std::stable_partition(files.begin(), files.end(),
                              [&](const FileEntry& entry) { return entry.name == position.file; });
        return std::unique_ptr<Reader>(
            std::make_unique<FilesReader>(spec_, store_, std::move(files), std::move(columns), std::move(position)));
    }

    void interrupt() noexcept override { store_->interrupt(); }

private:
    const FilesSpec spec_;
    std::shared_ptr<FileStore> store_;
    const core::Clock& clock_;
    std::mutex mutex_;  ///< held while the header is read: everybody needs it
    std::vector<SourceField> fields_;
};

}  // namespace

std::unique_ptr<Source> makeFilesSource(FilesSpec spec, std::shared_ptr<FileStore> store, const core::Clock& clock) {
    return std::make_unique<FilesSource>(std::move(spec), std::move(store), clock);
}

}  // namespace yimen::sync
