var theForm = document.forms['aspnetForm'];
function __doPostBack(eventTarget, eventArgument) {
  if (!theForm.onsubmit || theForm.onsubmit() != false) {
    theForm.__EVENTTARGET.value = eventTarget;
    theForm.__EVENTARGUMENT.value = eventArgument;
    theForm.submit();
  }
}
(function () {
  var el = document.getElementById('count');
  if (!el) return;
  var xhr = new XMLHttpRequest();
  xhr.open('POST', '/Service.asmx/GetCount', true);
  xhr.setRequestHeader('Content-Type', 'application/json; charset=utf-8');
  xhr.onreadystatechange = function () {
    if (xhr.readyState == 4 && xhr.status == 200) {
      var d = JSON.parse(xhr.responseText).d;
      el.innerHTML = d.name + ' ' + d.count;
    }
  };
  xhr.send('{}');
})();
