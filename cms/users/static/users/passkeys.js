// Shows the buttons that need passkeys where the browser has them, and says so where one could not be used.
const button = document.getElementById("passkey-button")
const problem = document.getElementById("passkey-problem")

if (button && window.PublicKeyCredential) button.hidden = false

document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  if (problem) problem.hidden = false
})
