// The call names this server, and a button copies it.
const call = document.getElementById("call");
const copy = document.getElementById("copy");
call.textContent = call.textContent.replace("http://127.0.0.1:5000", location.origin);
// Browsers offer the clipboard over HTTPS and on this machine only.
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(call.textContent);
  copy.textContent = "Copiado";
});
