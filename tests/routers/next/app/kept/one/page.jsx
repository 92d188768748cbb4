export default function Page() {
  return <p>One</p>;
}
