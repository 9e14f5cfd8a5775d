#include <argon2.h>

#include <array>

#include "core/check.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/evp.h"

namespace yimen::crypto {

namespace {

core::Bytes hex(std::string_view text) {
    return core::fromHex(text).value();
}

core::Status expect(std::string_view primitive, const core::Bytes& got, std::string_view wanted) {
    if (core::toHex(got) == wanted) return {};
    return core::makeError(core::ErrorCode::kInternal, "the self-test of " + std::string(primitive) +
                                                           " failed: this cryptographic library must not be used");
}

core::Status testDigests() {
    const auto abc = core::asBytes("abc");
    YIMEN_TRY_STATUS(expect("MD5", digest(DigestAlgorithm::kMd5, abc), "900150983cd24fb0d6963f7d28e17f72"));
    YIMEN_TRY_STATUS(expect("SHA-1", digest(DigestAlgorithm::kSha1, abc), "a9993e364706816aba3e25717850c26c9cd0d89d"));
    YIMEN_TRY_STATUS(expect("SHA-256", digest(DigestAlgorithm::kSha256, abc),
                            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    // GB/T 32905-2016 annex A.1
    YIMEN_TRY_STATUS(expect("SM3", digest(DigestAlgorithm::kSm3, abc),
                            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"));
    // RFC 4231 test case 2
    return expect("HMAC-SHA-256",
                  hmac(DigestAlgorithm::kSha256, core::asBytes("Jefe"), core::asBytes("what do ya want for nothing?")),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

/// GB/T 32907-2016 annex A.1, one block.
core::Status testSm4() {
    const auto block = hex("0123456789abcdeffedcba9876543210");
    const auto context = evp::makeCipherContext();
    core::Bytes out(16);
    int written = 0;
    YIMEN_CHECK(EVP_EncryptInit_ex2(context.get(), evp::sm4Ecb(), block.data(), nullptr, nullptr) == 1);
    YIMEN_CHECK(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
    YIMEN_CHECK(EVP_EncryptUpdate(context.get(), out.data(), &written, block.data(), 16) == 1);
    YIMEN_TRY_STATUS(expect("SM4", out, "681edf34d206965e86b3e94f536e4246"));
    // Counter mode over one zero block with this counter is that same block.
    evp::sm4CtrStream(block, block, core::Bytes(16), out.data());
    return expect("SM4-CTR", out, "681edf34d206965e86b3e94f536e4246");
}

/// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), as an envelope of ours.
core::Status testGcm() {
    const auto key = Key::fromBytes(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")).value();
    auto envelope = hex(
        "01cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a"
        "0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
    const auto additional = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const auto opened = open(key, envelope, additional);
    const auto bytes = opened.ok() ? core::asBytes(opened->reveal()) : core::ByteView();
    YIMEN_TRY_STATUS(expect("AES-256-GCM", {bytes.begin(), bytes.end()},
                            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449"
                            "a6b525b16aedf5aa0de657ba637b39"));
    envelope.back() ^= 1U;
    if (open(key, envelope, additional).ok()) return expect("AES-256-GCM (changed tag)", {}, "refusal");
    return {};
}

/// RFC 9106 has no vector without key and associated data; this one is libargon2's own (test.c, id, m=256, t=2, p=1).
core::Status testArgon2() {
    core::Bytes out(32);
    constexpr std::string_view kPassword = "password";
    constexpr std::string_view kSalt = "somesalt";
    const int status = argon2id_hash_raw(2, 256, 1, kPassword.data(), kPassword.size(), kSalt.data(), kSalt.size(),
                                         out.data(), out.size());
    if (status != ARGON2_OK) out.clear();
    return expect("Argon2id", out, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
}

}  // namespace

core::Status selfTest() {
    YIMEN_TRY_STATUS(testDigests());
    YIMEN_TRY_STATUS(testSm4());
    YIMEN_TRY_STATUS(testGcm());
    return testArgon2();
}

}  // namespace yimen::crypto
