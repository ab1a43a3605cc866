// The script as the help centre gives it to site owners, character by character except for the two values.

/** The snippet for a server and an inbox. */
export function paste(server, websiteToken) {
  return `<script>
    (function(d,t) {
      var BASE_URL="${server}";
      var g=d.createElement(t),s=d.getElementsByTagName(t)[0];
      g.src=BASE_URL + "/packs/js/sdk.js";
      g.defer = true;
      g.async = true;
      s.parentNode.insertBefore(g,s);
      g.onload=function(){
        window.cloudchatSDK.run({
          websiteToken: "${websiteToken}",
          baseUrl: BASE_URL
        });
      }
    })(document,"script");
  </script>`;
}
