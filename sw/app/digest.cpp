#include "sw/app/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace vctoe::app {

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest() : state_(std::make_unique<State>()) {
  // Without the machine's openssl.cnf: it takes longer to read than a short run takes.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::add(const void* bytes, std::size_t n) {
  EVP_DigestUpdate(state_->context, bytes, n);
}

std::string Digest::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned n = 0;
  EVP_DigestFinal_ex(state_->context, raw.data(), &n);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < n; ++i) {
    text += kDigits[raw[i] >> 4];
    text += kDigits[raw[i] & 15];
  }
  return text;
}

}  // namespace vctoe::app
