export default function Kept({ children }) {
  return (
    <>
      <referral-history />
      {children}
    </>
  );
}
