#include "crypto/key_ring.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "core/file.h"
#include "core/time_format.h"
#include "crypto/key_ring_text.h"

namespace yimen::crypto {

namespace {

constexpr std::size_t kMaxFileBytes = 16384;
constexpr unsigned kFileMode = 0600;

core::Error unsafe(const std::string& what) {
    return core::makeError(core::ErrorCode::kUnavailable, what);
}

/// Refuses a key file that somebody else could read, write or swap.
core::Status checkFile(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return core::fileError("cannot open", path, errno);
    if (!S_ISREG(info.st_mode)) return unsafe("the key file is not a regular file");
    if (info.st_uid != ::geteuid()) {
        return unsafe("the key file belongs to another user: chown it to the user who runs the hub");
    }
    if ((info.st_mode & 0077U) != 0) return unsafe("the key file can be read by others: run chmod 600 on it");
    return {};
}

/// One writer at a time: a lock on the directory, because the file itself is replaced.
core::Result<core::FileDescriptor> lockDirectory(const std::string& path) {
    const std::string directory = core::parentDirectory(path);
    core::FileDescriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid()) return core::fileError("cannot open", directory, errno);
    if (::flock(folder.get(), LOCK_EX) != 0) return core::fileError("cannot lock", directory, errno);
    return folder;
}

bool exists(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 || errno != ENOENT;
}

core::Status write(const std::string& path, const std::vector<KeyRing::Entry>& entries) {
    std::string text = writeKeyRing(entries);
    auto status = core::replaceFile(path, text, kFileMode);
    core::wipeText(text);
    return status;
}

KeyRing::Entry makeEntry(std::uint32_t id, core::Random& random, const core::Clock& clock) {
    return {id, core::formatUtc(clock.wall()), Key::generate(random)};
}

}  // namespace

core::Result<KeyRing> KeyRing::loadFile(const std::string& path) {
    YIMEN_TRY_STATUS(checkFile(path));
    YIMEN_TRY(core::Secret text, readSecretFile(path, kMaxFileBytes));
    YIMEN_TRY(auto entries, readKeyRing(text.reveal()));
    return KeyRing(std::move(entries));
}

core::Result<KeyRing> KeyRing::loadOrCreate(const std::string& path, core::Random& random, const core::Clock& clock) {
    if (exists(path)) return loadFile(path);
    YIMEN_TRY(const auto lock, lockDirectory(path));
    if (!exists(path)) YIMEN_TRY_STATUS(write(path, {makeEntry(1, random, clock)}));
    return loadFile(path);
}

core::Result<KeyRing> KeyRing::loadReference(const std::string& reference) {
    constexpr std::string_view kEnvironment = "env:";
    constexpr std::string_view kFile = "file:";
    if (reference.starts_with(kEnvironment)) {
        const std::string name = reference.substr(kEnvironment.size());
        const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): start-up, one thread
        if (value == nullptr) return unsafe("the environment variable " + name + " is not set");
        YIMEN_TRY(auto entries, readKeyList(value));
        return KeyRing(std::move(entries));
    }
    return loadFile(reference.starts_with(kFile) ? reference.substr(kFile.size()) : reference);
}

core::Result<KeyRing> KeyRing::rotateFile(const std::string& path, core::Random& random, const core::Clock& clock) {
    YIMEN_TRY(const auto lock, lockDirectory(path));
    YIMEN_TRY(KeyRing ring, loadFile(path));
    if (ring.entries_.size() >= kMaxKeys) {
        return core::makeError(core::ErrorCode::kTooLarge, "the key ring is full: remove keys nothing is sealed with");
    }
    ring.entries_.push_back(makeEntry(ring.activeId() + 1, random, clock));
    YIMEN_TRY_STATUS(write(path, ring.entries_));
    return ring;
}

KeyRing KeyRing::ephemeral(core::Random& random) {
    return KeyRing({Entry{1, "never", Key::generate(random)}});
}

std::vector<std::uint32_t> KeyRing::ids() const {
    std::vector<std::uint32_t> out;
    for (const auto& entry : entries_) out.push_back(entry.id);
    return out;
}

const KeyRing::Entry* KeyRing::find(std::uint32_t id) const noexcept {
    for (const auto& entry : entries_) {
        if (entry.id == id) return &entry;
    }
    return nullptr;
}

core::Result<Key> KeyRing::derive(std::uint32_t id, std::string_view purpose) const {
    const Entry* entry = find(id);
    if (entry == nullptr) {
        return core::makeError(core::ErrorCode::kNotFound, "the key ring has no key " + std::to_string(id));
    }
    return deriveKey(entry->key, purpose);
}

Key KeyRing::deriveActive(std::string_view purpose) const {
    return deriveKey(entries_.back().key, purpose);
}

}  // namespace yimen::crypto
